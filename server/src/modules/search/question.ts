import { invalid } from '../../platform/errors.ts'
import { foldText, quote, runsIn } from '../../platform/search-text.ts'

/** A word or a character of a script without spaces. `isJoined`: nothing stands between it and the one before. */
export type Unit = { text: string; isDense: boolean; isJoined: boolean; isBeginning: boolean }

/** What must stand in a text one after the other, or must not stand in it. */
export type Term = { units: Unit[]; isExcluded: boolean }

/**
 * `query` is the literal of a tsquery, `name` what a customer may be called by it, `number` that of a conversation,
 * where nothing else was typed.
 */
export type Question = { terms: Term[]; query: string; name: string; number: number | null }

/**
 * Reads what somebody typed: all words must be there, a “quoted phrase” as it stands, a -word must not be. What is
 * written without a space between is a phrase too (e-mail, 10.5). The last word may be half typed.
 */
export function readQuestion(typed: string): Question {
  const tokens = [...typed.matchAll(token)]
  const terms: Term[] = []
  let room = mostUnits
  for (const [n, [, minus, quoted, bare]] of tokens.entries()) {
    const isHalfTyped = n === tokens.length - 1 && quoted === undefined && minus === '' && !/\s$/.test(typed)
    const units = unitsOf(quoted ?? bare ?? '', isHalfTyped).slice(0, room)
    room -= units.length
    if (units.length > 0) terms.push({ units, isExcluded: minus === '-' })
  }
  if (terms.every(({ isExcluded }) => isExcluded))
    throw invalid('nothing_to_search_for', 'Type a word to search for.')
  const literals = new Set(terms.map(termQuery))
  const number = /^\s*#?(\d{1,15})\s*$/.exec(typed)?.[1]
  const name = tokens.flatMap(([, minus, quoted, bare]) => (minus === '' ? (quoted ?? bare ?? '') : []))
  return {
    terms,
    query: [...literals].join(' & '),
    name: name.join(' '),
    number: number ? Number(number) : null,
  }
}

function unitsOf(text: string, isHalfTyped: boolean): Unit[] {
  const units: Unit[] = []
  for (const { run, isDense } of runsIn(foldText(text)))
    if (isDense)
      for (const [n, character] of [...run].entries())
        units.push({ text: character, isDense, isJoined: n > 0, isBeginning: false })
    else units.push({ text: run, isDense, isJoined: false, isBeginning: false })
  const last = units.at(-1)
  if (last && isHalfTyped && !last.isDense) last.isBeginning = true
  return units
}

/** As `vectorOf` keeps them: pairs where two characters are joined, and the beginning of one where they are not. */
function termQuery({ units, isExcluded }: Term): string {
  const pieces: { literal: string; at: number }[] = []
  for (const [at, { text, isDense, isJoined, isBeginning }] of units.entries()) {
    const next = units[at + 1]
    if (!isDense) pieces.push({ literal: quote(text) + (isBeginning ? ':*' : ''), at })
    else if (next?.isJoined) pieces.push({ literal: quote(text + next.text), at })
    else if (!isJoined) pieces.push({ literal: `${quote(text)}:*`, at })
  }
  const [first, ...others] = pieces
  let phrase = first!.literal
  for (const [n, { literal, at }] of others.entries()) phrase += ` <${at - pieces[n]!.at}> ${literal}`
  return isExcluded ? `!(${phrase})` : others.length > 0 ? `(${phrase})` : phrase
}

const token = /(-?)(?:["“”„「]([^"“”「」]*)["“”」]?|(\S+))/gu
const mostUnits = 40
