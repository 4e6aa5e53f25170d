import { foldText, runsIn } from '../../platform/search-text.ts'
import type { Term, Unit } from './question.ts'

/** Offsets into the text they come with, in UTF-16 units as JavaScript counts them. */
export type Range = { start: number; end: number }
export type Snippet = { text: string; ranges: Range[] }

/** The words of a text around what was sought, or null where none of it is in there. */
export function snippetOf(text: string, terms: readonly Term[]): Snippet | null {
  const ranges = findRanges(text, terms)
  const [first] = ranges
  return first ? cutAround(text, ranges, first) : null
}

/** Where what was sought stands, in order and without overlaps. */
export function findRanges(text: string, terms: readonly Term[]): Range[] {
  const said = readUnits(text)
  const ranges = terms
    .filter(({ isExcluded }) => !isExcluded)
    .flatMap(({ units }) =>
      said.flatMap((_, from) => {
        if (!units.every((unit, n) => isSame(unit, said[from + n]))) return []
        return { start: said[from]!.start, end: said[from + units.length - 1]!.end }
      }),
    )
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
  const apart: Range[] = []
  for (const range of ranges) {
    const last = apart.at(-1)
    if (last && range.start < last.end) last.end = Math.max(last.end, range.end)
    else apart.push({ ...range })
  }
  return apart
}

type Said = { text: string; isDense: boolean; isJoined: boolean } & Range

const isSame = (sought: Unit, said: Said | undefined) =>
  said !== undefined &&
  (!sought.isJoined || said.isJoined) &&
  (sought.isBeginning ? said.text.startsWith(sought.text) : said.text === sought.text)

/** Folding changes lengths, so it is done character by character, each remembering where it stood. */
function readUnits(text: string): Said[] {
  const starts: number[] = []
  let folded = ''
  for (const { segment, index } of characters.segment(text.slice(0, longestRead))) {
    const one = foldText(segment)
    folded += one
    for (let n = 0; n < one.length; n++) starts.push(index)
  }
  const end = Math.min(text.length, longestRead)
  const endOf = (at: number) => {
    const start = starts[at - 1]!
    for (let next = at; next < starts.length; next++) if (starts[next]! > start) return starts[next]!
    return end
  }
  const units: Said[] = []
  for (const { run, isDense, at } of runsIn(folded)) {
    if (!isDense) {
      const stop = at + run.length
      units.push({ text: run, isDense, isJoined: false, start: starts[at]!, end: endOf(stop) })
      continue
    }
    let offset = at
    for (const character of run) {
      const stop = offset + character.length
      const range = { start: starts[offset]!, end: endOf(stop) }
      units.push({ text: character, isDense, isJoined: offset > at, ...range })
      offset = stop
    }
  }
  return units
}

function cutAround(text: string, ranges: readonly Range[], first: Range): Snippet {
  const from = first.start <= before ? 0 : wordStart(text, first.start - before, first.start)
  const to = Math.max(first.end, Math.min(text.length, from + longest))
  const until = to < text.length && isHalved(text, to) ? to - 1 : to
  const lead = from > 0 ? '…' : ''
  const shown = text.slice(from, until).replaceAll(/\s/g, ' ')
  return {
    text: `${lead}${shown}${until < text.length ? '…' : ''}`,
    ranges: ranges
      .filter(({ start }) => start < until)
      .map(({ start, end }) => ({
        start: start - from + lead.length,
        end: Math.min(end, until) - from + lead.length,
      })),
  }
}

/** The next beginning of a word, unless none comes before what is shown. */
function wordStart(text: string, from: number, before: number): number {
  const space = text.slice(from, before).search(/\s\S/)
  return space >= 0 ? from + space + 1 : isHalved(text, from) ? from + 1 : from
}

const isHalved = (text: string, at: number) => /[\udc00-\udfff]/.test(text[at] ?? '')

const characters = new Intl.Segmenter('und', { granularity: 'grapheme' })
const longestRead = 20_000
const before = 50
const longest = 180
