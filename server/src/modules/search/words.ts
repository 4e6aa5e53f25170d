import { foldText, quote, runsIn } from '../../platform/search-text.ts'

/**
 * The literal of a tsvector with places, so that words are found as they follow each other: whole words, and of
 * scripts without spaces one pair from each character on, or the character where nothing follows it. Between two
 * parts no phrase runs on. PostgreSQL counts no place beyond 16,383; the words behind are found, not their order.
 */
export function vectorOf(parts: readonly string[], marks: readonly string[]): string {
  const places = new Map<string, number[]>()
  let place = 0
  for (const part of parts) {
    for (const { text } of lexemesOf(part)) {
      const known = places.get(text)
      if (known) known.push(++place)
      else places.set(text, [++place])
    }
    place += 1
  }
  const literals = marks.map(quote)
  let room = vectorBytes
  for (const [word, at] of places) {
    const shown = at.filter(place => place <= farthestPlace).slice(0, mostPlaces)
    const literal = shown.length > 0 ? `${quote(word)}:${shown.join()}` : quote(word)
    room -= Buffer.byteLength(word) + 8 + 2 * shown.length
    if (room < 0) break
    literals.push(literal)
  }
  return literals.join(' ')
}

/** A store as the index knows it. Narrows only: two stores may share a mark, so the row is asked too. */
export const markOf = (storeId: string) => `@${storeId.slice(-8)}`

function* lexemesOf(text: string): Generator<{ text: string }> {
  for (const { run, isDense } of runsIn(foldText(text))) {
    if (!isDense) yield { text: run }
    else {
      const characters = [...run]
      for (const [n, character] of characters.entries()) yield { text: character + (characters[n + 1] ?? '') }
    }
  }
}

// A tsvector holds less than 1 MB, of one word 255 places.
const vectorBytes = 900_000
const farthestPlace = 16_383
const mostPlaces = 255
