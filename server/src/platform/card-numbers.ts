import dated from './card-ranges.json' with { type: 'json' }
import { isDenseText } from './search-text.ts'

export type CardNumber = { at: number; spelled: string; network: string }

/**
 * Numbers of payment cards in a text: of a network's range and length, right by their check digit (Luhn, ISO/IEC
 * 7812-1 annex B), written as one run of digits or in the groups that cards show. What stands within a longer
 * number or word, begins with + as phone numbers do, or is grouped otherwise, as order numbers are, is none.
 */
export function findCardNumbers(text: string): CardNumber[] {
  const found: CardNumber[] = []
  for (const { index, 0: run } of text.matchAll(runs)) {
    if (isPartOfWord(text, index, run.length)) continue
    for (const { at, spelled } of candidatesIn(run)) {
      const network = networkOf(spelled.replace(/\D/g, ''))
      if (network) found.push({ at: index + at, spelled, network })
    }
  }
  return found
}

/** As long as it was: all digits but the last four of each card number become dots. */
export function maskCardNumbers(text: string): string {
  let masked = text
  for (const { at, spelled } of findCardNumbers(text))
    masked = masked.slice(0, at) + maskedOf(spelled) + masked.slice(at + spelled.length)
  return masked
}

export function maskedOf(spelled: string) {
  let left = spelled.replace(/\D/g, '').length
  return [...spelled].map(character => (/\d/.test(character) && left-- > 4 ? '•' : character)).join('')
}

/** Digits, with one separator at most between two of them. No backtracking: a separator needs a digit behind it. */
const runs = /\d(?:[ \u00a0.-]?\d){12,}/g

/** Scripts written without spaces have no word for it to be part of. */
const isPartOfWord = (text: string, at: number, length: number) => {
  const [before, after] = [text.slice(Math.max(0, at - 1), at), text.slice(at + length, at + length + 1)]
  return (
    (/[\p{L}\p{N}+_#/]/u.test(before) && !isDenseText(before)) ||
    (/[\p{L}\p{N}_]/u.test(after) && !isDenseText(after))
  )
}

/** One run of digits, or groups as cards show them; two cards in a row are two. */
function candidatesIn(run: string): { at: number; spelled: string }[] {
  const groups = [...run.matchAll(/\d+/g)]
  if (groups.length === 1) return [{ at: 0, spelled: run }]
  const candidates: { at: number; spelled: string }[] = []
  for (let first = 0; first < groups.length; ) {
    const last = endOfCard(groups, first)
    if (last === null) {
      first += 1
      continue
    }
    const [from, to] = [groups[first]!.index, groups[last]!.index + groups[last]![0].length]
    candidates.push({ at: from, spelled: run.slice(from, to) })
    first = last + 1
  }
  return candidates
}

const shapes = [
  [4, 4, 4, 4],
  [4, 4, 4, 4, 3],
  [4, 4, 4, 4, 2],
  [4, 4, 4, 4, 1],
  [4, 6, 5],
  [4, 6, 4],
  [6, 13],
]

const isCardShape = (lengths: readonly number[]) =>
  shapes.some(shape => shape.length === lengths.length && shape.every((length, n) => length === lengths[n]))

/** Where the longest card number that begins with this group ends. */
function endOfCard(groups: readonly RegExpMatchArray[], first: number): number | null {
  for (let last = Math.min(first + 4, groups.length - 1); last >= first; last--) {
    const digits = groups.slice(first, last + 1).map(([digits]) => digits)
    const isShaped = digits.length === 1 || isCardShape(digits.map(({ length }) => length))
    if (isShaped && networkOf(digits.join(''))) return last
  }
  return null
}

function networkOf(digits: string): string | null {
  const range = dated.ranges.find(
    ({ from, to, lengths }) =>
      lengths.includes(digits.length) &&
      digits.slice(0, from.length) >= from &&
      digits.slice(0, to.length) <= to,
  )
  return range && passesLuhn(digits) ? range.network : null
}

function passesLuhn(digits: string) {
  let sum = 0
  for (let n = 0; n < digits.length; n++) {
    const digit = Number(digits[digits.length - 1 - n])
    const counted = n % 2 === 1 ? digit * 2 : digit
    sum += counted > 9 ? counted - 9 : counted
  }
  return sum % 10 === 0
}
