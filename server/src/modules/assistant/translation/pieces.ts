import { isDenseText } from '../../../platform/search-text.ts'
import { findSpans } from './spans.ts'

/** A text for a translator: what it may change, and the numbers of what it may not. */
export type Piece = string | number

export type Term = {
  term: string
  /** Null: as it is. */
  translation: string | null
  isCaseSensitive: boolean
  /** A brand's promise: word for word, whatever the service can do with terms. */
  isLocked: boolean
}

export type Protected = {
  pieces: Piece[]
  /** What stands in the translation for each number. */
  kept: string[]
}

/** Takes out what a translation must not change. What is taken out never leaves the house. */
export function protect(text: string, terms: readonly Term[]): Protected {
  const pieces: Piece[] = []
  const kept: string[] = []
  const byStart = indexTerms(terms)
  let at = 0
  for (const span of [...findSpans(text), { at: text.length, end: text.length }]) {
    takeTerms(text.slice(at, span.at), byStart, pieces, kept)
    if (span.end > span.at) pieces.push(kept.push(text.slice(span.at, span.end)) - 1)
    at = span.end
  }
  return { pieces, kept }
}

/** Puts back what was taken out; null where something of it is missing, is there twice, or was not ours. */
export function restore(pieces: readonly Piece[], kept: readonly string[]): string | null {
  const seen = new Set<number>()
  let text = ''
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece
    else if (seen.has(piece) || kept[piece] === undefined) return null
    else {
      seen.add(piece)
      text += kept[piece]
    }
  }
  return seen.size === kept.length ? text : null
}

/** Whether there is a word left to translate. */
export const hasWords = (pieces: readonly Piece[]) =>
  pieces.some(piece => typeof piece === 'string' && /\p{L}/u.test(piece))

export const lengthOf = (pieces: readonly Piece[]) =>
  pieces.reduce<number>((sum, piece) => sum + (typeof piece === 'string' ? piece.length : 0), 0)

/** Chinese becomes three to four times as long in German, and German as much shorter in Chinese. */
const longer = 8
const shorter = 12
const always = 80

/** Whether a translation of this length can be one: a service that answers a question instead writes more. */
export function isSaneLength(from: readonly Piece[], to: readonly Piece[]) {
  const [before, after] = [lengthOf(from), lengthOf(to)]
  return after <= before * longer + always && after >= Math.floor((before - always) / shorter)
}

/** Terms of which the required words are not in a translation. */
export function missingTerms(source: string, translated: string, terms: readonly Term[]): string[] {
  const folded = fold(translated)
  return terms
    .filter(({ term, isCaseSensitive }) => occursIn(source, term, isCaseSensitive))
    .map(({ term, translation }) => translation ?? term)
    .filter(wanted => !folded.includes(fold(wanted)))
}

/** Of some terms, those that stand in one of the texts. */
export const termsIn = (texts: readonly string[], terms: readonly Term[]) =>
  terms.filter(({ term, isCaseSensitive }) => texts.some(text => occursIn(text, term, isCaseSensitive)))

function occursIn(text: string, term: string, isCaseSensitive: boolean) {
  const [within, wanted] = isCaseSensitive ? [text, term] : [fold(text), fold(term)]
  for (let at = within.indexOf(wanted); at >= 0; at = within.indexOf(wanted, at + wanted.length))
    if (isWord(text, at, at + wanted.length)) return true
  return false
}

/** Letters that grow when they become small stay, so that places remain the same. */
const fold = (text: string) =>
  text.toLowerCase().length === text.length
    ? text.toLowerCase()
    : Array.from(text, letter => {
        const small = letter.toLowerCase()
        return small.length === letter.length ? small : letter
      }).join('')

/** By their first letter, the longest first. */
function indexTerms(terms: readonly Term[]) {
  const longestFirst = terms.toSorted((a, b) => b.term.length - a.term.length)
  return Map.groupBy(longestFirst, ({ term }) => fold(term)[0]!)
}

function takeTerms(text: string, byStart: Map<string, Term[]>, pieces: Piece[], kept: string[]) {
  const folded = fold(text)
  let from = 0
  for (let at = 0; at < text.length; ) {
    const found = byStart.get(folded[at]!)?.find(term => stands(text, folded, at, term))
    if (!found) {
      at += 1
      continue
    }
    if (at > from) pieces.push(text.slice(from, at))
    const end = at + found.term.length
    pieces.push(kept.push(inCaseOf(text.slice(at, end), found)) - 1)
    from = at = end
  }
  if (from < text.length) pieces.push(text.slice(from))
}

const stands = (text: string, folded: string, at: number, { term, isCaseSensitive }: Term) =>
  (isCaseSensitive ? text.startsWith(term, at) : folded.startsWith(fold(term), at)) &&
  isWord(text, at, at + term.length)

/** In scripts without spaces a term may stand anywhere. */
const isWord = (text: string, at: number, end: number) =>
  isEdge(text[at - 1], text[at]!) && isEdge(text[end], text[end - 1]!)

const isEdge = (outside: string | undefined, inside: string) =>
  outside === undefined || !/[\p{L}\p{N}]/u.test(outside) || isDenseText(outside) || isDenseText(inside)

/** What is left as it is stands as it was written; a translation is written large where its term was. */
function inCaseOf(written: string, { term, translation, isLocked, isCaseSensitive }: Term) {
  if (translation === null) return written
  if (isLocked || isCaseSensitive) return translation
  if (written.length > 1 && written === written.toUpperCase() && written !== term)
    return translation.toUpperCase()
  const isRaised = written[0] !== term[0] && written[0] === written[0]!.toUpperCase()
  return isRaised ? translation[0]!.toUpperCase() + translation.slice(1) : translation
}
