import { isDenseText } from '../../../platform/search-text.ts'

export type Span = { at: number; end: number }

/**
 * What a translation must carry over letter by letter: links, addresses, amounts of money, order, tracking and
 * article numbers, names with @, {{fields}}, emoji and masked cards. One way through the text: what was looked at is
 * taken or passed over whole, and what must be closed is looked for only a short way ahead.
 */
export function findSpans(text: string): Span[] {
  const spans: Span[] = []
  for (let at = 0; at < text.length; ) {
    const { end, isKept } = readAt(text, at)
    if (isKept) spans.push({ at, end })
    at = Math.max(end, at + 1)
  }
  return spans
}

type Reading = { end: number; isKept: boolean }

function readAt(text: string, at: number): Reading {
  const end =
    endOfField(text, at) ??
    endOfMasked(text, at) ??
    endOfEmoji(text, at) ??
    endOfMark(text, at) ??
    endOfMoney(text, at) ??
    endOfDigitGroups(text, at)
  if (end !== null) return { end, isKept: true }
  const isNamed = (text[at] === '#' || text[at] === '@') && isRun(text[at + 1])
  return isNamed || isRun(text[at]) ? readRun(text, at) : { end: at, isKept: false }
}

/** Letters, digits and what joins them; a link goes on behind its scheme. */
function readRun(text: string, at: number): Reading {
  let end = at + 1
  while (isRun(text[end]) || isJoint(text[end])) end += 1
  if (text.startsWith('://', end)) {
    let scheme = end
    while (scheme > at && isLetter(text[scheme - 1])) scheme -= 1
    return scheme > at ? readName(text, at, scheme) : { end: endOfLink(text, end + 3), isKept: true }
  }
  if (text.slice(at, at + 4).toLowerCase() === 'www.') return { end: endOfLink(text, at), isKept: true }
  while (end > at + 1 && isJoint(text[end - 1])) end -= 1
  return readName(text, at, end)
}

/** A name of something is kept, a mere word is not. */
function readName(text: string, at: number, end: number): Reading {
  const run = text.slice(at, end)
  const sign = run.indexOf('@')
  const isAddress = sign > 0 && run.indexOf('.', sign) > sign
  return { end, isKept: '#@'.includes(run[0]!) || isAddress || isNumber(run) }
}

const enoughInRun = 5

/** Five digits, or letters and digits together; “1st” and “2nd” are words. */
function isNumber(run: string) {
  let digits = 0
  let letters = 0
  for (const character of run) {
    if (isDigit(character)) digits += 1
    else if (isLetter(character)) letters += 1
  }
  if (digits >= enoughInRun) return true
  return digits > 0 && letters > 0 && !(run.length <= 6 && /^\d+(?:st|nd|rd|th)$/i.test(run))
}

const isDigit = (character: string | undefined) =>
  character !== undefined && character >= '0' && character <= '9'
const isLetter = (character: string | undefined) =>
  character !== undefined && /\p{L}/u.test(character) && !isDenseText(character)
const isJoint = (character: string | undefined) => character !== undefined && '.-_/%+@'.includes(character)
const isRun = (character: string | undefined) => isDigit(character) || isLetter(character)

function endOfLink(text: string, at: number) {
  let end = at
  while (end < text.length && !isEndOfLink(text[end]!)) end += 1
  while (end > at && '.,;:!?)*'.includes(text[end - 1]!)) end -= 1
  return end
}

const isEndOfLink = (character: string) =>
  /\s/.test(character) || '<>"\'）】」》，。、；！？⟦⟧'.includes(character) || isDenseText(character)

const longestField = 200

function endOfField(text: string, at: number) {
  if (!text.startsWith('{{', at)) return null
  const ahead = text.slice(at, at + longestField)
  const close = ahead.indexOf('}}')
  return close > 0 && !ahead.slice(0, close).includes('\n') ? at + close + 2 : null
}

/** A card of which only the last digits are left, in the groups it was written in. */
function endOfMasked(text: string, at: number) {
  if (text[at] !== '•') return null
  let end = at
  while (text[end] === '•' || isDigit(text[end]) || isGap(text[end])) end += 1
  while (isGap(text[end - 1])) end -= 1
  return end
}

const isGap = (character: string | undefined) => character !== undefined && '  -.'.includes(character)

function endOfEmoji(text: string, at: number) {
  let end = at
  for (;;) {
    const point = text.codePointAt(end)
    if (point === undefined || !(isPicture(point) || (end > at && isJoiner(point)))) break
    end += point > 0xffff ? 2 : 1
  }
  return end > at ? end : null
}

const isPicture = (point: number) =>
  point > 0x7f &&
  (/\p{Extended_Pictographic}/u.test(String.fromCodePoint(point)) || (point >= 0x1f1e6 && point <= 0x1f1ff))

/** Variation selectors, the zero-width joiner, skin tones, the keycap. */
const isJoiner = (point: number) =>
  point === 0xfe0f || point === 0x200d || point === 0x20e3 || (point >= 0x1f3fb && point <= 0x1f3ff)

/** The signs that stand for what is kept where it is sent to a model; a customer's own must not pass for ours. */
const endOfMark = (text: string, at: number) => (text[at] === '⟦' || text[at] === '⟧' ? at + 1 : null)

const symbols = '$€£¥￥₩₽₹฿₫₺₴₪₱'
const codes = new Set(
  'USD EUR GBP JPY CNY RMB HKD TWD KRW SGD MYR THB VND IDR PHP INR AUD NZD CAD MXN BRL CLP COP PEN CHF SEK NOK DKK PLN CZK HUF RON TRY RUB UAH AED SAR QAR KWD ILS EGP ZAR'.split(
    ' ',
  ),
)

/** An amount with its sign or code before or behind it. */
function endOfMoney(text: string, at: number) {
  if (isRun(text[at - 1])) return null
  const before = endOfCurrency(text, at)
  if (before !== null) return endOfNumber(text, isBlank(text[before]) ? before + 1 : before)
  const number = endOfNumber(text, at)
  if (number === null) return null
  return endOfCurrency(text, isBlank(text[number]) ? number + 1 : number)
}

function endOfCurrency(text: string, at: number) {
  // HK$ and R$ are signs too.
  for (const letters of [0, 1, 2])
    if (symbols.includes(text[at + letters] ?? 'none') && /^[A-Z]*$/.test(text.slice(at, at + letters)))
      return at + letters + 1
  return codes.has(text.slice(at, at + 3)) && !isLetter(text[at + 3]) ? at + 3 : null
}

const isBlank = (character: string | undefined) => character !== undefined && '   '.includes(character)

const longestNumber = 40

/** Digits with points, commas, apostrophes and blanks between them, as amounts are written anywhere. */
function endOfNumber(text: string, at: number) {
  let end = at
  const last = at + longestNumber
  while (end < last && isDigit(text[end])) end += 1
  if (end === at) return null
  for (;;) {
    const separator = text[end]
    const isThousand =
      isDigit(text[end + 1]) && isDigit(text[end + 2]) && isDigit(text[end + 3]) && !isDigit(text[end + 4])
    if (isBlank(separator) || separator === "'" || separator === '’') {
      if (!isThousand) return end
    } else if ((separator !== '.' && separator !== ',') || !isDigit(text[end + 1])) return end
    end += 1
    while (end < last && isDigit(text[end])) end += 1
    if (end >= last) return end
  }
}

const enoughDigits = 9

/** Digits in groups, as phone and tracking numbers are written. */
function endOfDigitGroups(text: string, at: number) {
  if (!(isDigit(text[at]) || (text[at] === '+' && isDigit(text[at + 1]))) || isRun(text[at - 1])) return null
  let end = at + 1
  let digits = isDigit(text[at]) ? 1 : 0
  while (isDigit(text[end]) || (isGap(text[end]) && isDigit(text[end + 1]))) {
    if (isDigit(text[end])) digits += 1
    end += 1
  }
  return digits >= enoughDigits ? end : null
}
