import {
  attributionOpeners,
  type Field,
  fieldNames,
  forwardLines,
  forwardPhrases,
  originalPhrases,
  tellersSigns,
  tellersWords,
  wroteSigns,
  wroteWords,
} from './quote-phrases.ts'

/** One line of a mail: shortened, trimmed, without its end. `isQuoted`: marked by `>`, or inside a blockquote. */
export type Line = { text: string; isQuoted: boolean; field?: Field | null }

/** `-----Original Message-----` and its kin: all that follows is quoted. */
export const isOriginalLine = (text: string) => isBetweenRules(text, originals)

/** Where a forwarded mail begins. */
export const isForwardLine = (text: string) => {
  const first = text.charCodeAt(0)
  if (text.length > 100 || first < 0x21) return false
  return isBetweenRules(text, forwards) || (isColon(text.at(-1)) && forwardOnly.has(phraseOf(text)))
}

/** A line of dashes or underscores, as programs draw above a quoted header. */
export const isRule = (text: string) => text.length >= 3 && text.length <= 200 && /^[-_=*–—─━]+$/.test(text)

/**
 * Whether the header of a quoted mail begins here: From, Sent, To, Subject in any of the languages. It must say
 * when, and from whom or to whom; a customer's own "From: Berlin, To: Paris, Date: 3 May" is told apart by having
 * neither address nor subject.
 */
export function isHeaderBlock(lines: readonly Line[], at: number) {
  const first = fieldOf(lines[at]!)
  if (!first || first === 'cc' || first === 'other') return false
  const seen = new Set<Field>()
  let hasAddress = false
  let hasMoment = false
  let strangers = 0
  for (let next = at; next < lines.length && next < at + 16 && strangers <= 2; next += 1) {
    const line = lines[next]!
    if (line.text === '') continue
    const field = fieldOf(line)
    strangers = field ? 0 : strangers + 1
    if (field) seen.add(field)
    if (line.text.includes('@')) hasAddress = true
    if ((field === 'sent' || field === 'date') && /\p{Nd}[^\p{Nd}]{1,6}\p{Nd}/u.test(line.text))
      hasMoment = true
  }
  if (!hasMoment || !(seen.has('from') || seen.has('to'))) return false
  return hasAddress || seen.has('subject') || (seen.has('sent') && seen.has('from') && seen.has('to'))
}

/**
 * "On … Jane wrote:" in any order of its words, ending at this line and perhaps begun up to five lines before.
 * `isCertain` when it can stand for itself: without it, only marked lines below it are its quote.
 */
export function findAttribution(
  lines: readonly Line[],
  at: number,
  quoteFollows: boolean,
): { from: number; isCertain: boolean } | null {
  const end = bared(lines[at]!.text)
  const isClosed = isColon(end.at(-1))
  const isDashed = lines[at]!.text.startsWith('---') && lines[at]!.text.endsWith('---')
  if (end.length > longest || !(isClosed || isDashed || quoteFollows)) return null
  const closing = clauseOf(end)
  if (isDashed && closing.hasVerb) return { from: at, isCertain: true }
  if (!closing.hasVerb && !closing.hasAddress) return null
  let joined = ''
  for (let from = at; from >= 0 && from > at - 6; from -= 1) {
    const text = bared(lines[from]!.text)
    if (lines[from]!.isQuoted || (from < at && hasEnded(text))) break
    joined = joined === '' ? text : `${text} ${joined}`
    if (joined.length > longest) break
    const clause = from === at ? closing : clauseOf(joined)
    const isComplete = clause.hasDate && (clause.hasClock || clause.hasAddress)
    if (!isComplete || clause.isTold || !(from === at ? closing : clauseOf(text)).opens) continue
    if (isClosed || isDashed) return { from: withBeginning(lines, from, clause), isCertain: true }
    if (quoteFollows && clause.startsWithDate && end.endsWith('>')) return { from, isCertain: false }
  }
  if (quoteFollows && isClosed && closing.hasVerb) {
    return { from: withBeginning(lines, at, closing), isCertain: false }
  }
  return null
}

type Clause = ReturnType<typeof clauseOf>

function clauseOf(text: string) {
  const lower = text.toLowerCase()
  const words = ` ${lower.replace(/[^\p{L}\p{M}\p{N}'’]+/gu, ' ').trim()} `
  const startsWithDate = /^[\p{L}\p{M}]{0,14}[.,]{0,2}[ (]{0,2}\p{Nd}/u.test(lower)
  const opener = attributionOpeners.some(word => lower.startsWith(word) && !isLetter(lower, word))
  const hasAddress = /[^\s@<]@[^\s@>]/.test(text)
  return {
    hasVerb:
      wroteWords.some(word => words.includes(` ${word} `)) || wroteSigns.some(sign => lower.includes(sign)),
    hasAddress,
    hasDate: /(?:19|20|٢٠)\p{Nd}\p{Nd}|\p{Nd}[./-]\p{Nd}|\p{Nd} ?[月월]|\p{Nd}\.? \p{L}{3}/u.test(text),
    hasClock: /\p{Nd}[:.h時时시]\p{Nd}\p{Nd}/u.test(text),
    isTold:
      tellersWords.some(word => words.includes(` ${word} `)) ||
      tellersSigns.some(sign => lower.includes(sign)),
    startsWithDate,
    opener,
    opens: startsWithDate || opener || (hasAddress && /[<(["]/.test(text)),
  }
}

/** Programs wrap after the first comma of the date or after the name, where those come first. */
function withBeginning(lines: readonly Line[], from: number, clause: Clause) {
  const before = lines[from - 1]
  if (!before || before.isQuoted || before.text === '' || clause.opener || before.text.length > longest)
    return from
  const text = bared(before.text)
  if (hasEnded(text)) return from
  const earlier = clauseOf(text)
  const isName = !clause.hasAddress && earlier.hasAddress && /[<>(]/.test(text)
  const isDate = (earlier.opener || earlier.startsWithDate) && /[,，\p{Nd}]$/u.test(text)
  return isName || isDate ? from - 1 : from
}

const fields = new Map<string, Field>()
for (const [field, names] of Object.entries(fieldNames) as [Field, readonly string[]][]) {
  for (const name of names) fields.set(name.replaceAll(' ', ''), field)
}

/** What a line such as `*Sent:* Tuesday` or `| 发件人 | Li |` is the header of. Kept on the line: asked many times. */
function fieldOf(line: Line): Field | null {
  if (line.field === undefined) line.field = readField(line.text)
  return line.field
}

function readField(text: string): Field | null {
  const head = text.slice(0, 40).replace(/^[*_|\s]+/u, '')
  const end = head.search(/[:：|]/)
  if (end < 1) return null
  return (
    fields.get(
      head
        .slice(0, end)
        .replace(/[*_\s]+/gu, '')
        .toLowerCase(),
    ) ?? null
  )
}

function isBetweenRules(text: string, phrases: ReadonlySet<string>) {
  if (text.length > 140 || !/^[-_=*–—─━#]{2}/.test(text)) return false
  const phrase = phraseOf(text)
  // Notes puts a name and a date behind it: `----- Forwarded by Jane/ACME on 01/02/2024 -----`.
  return phrases.has(phrase) || (/ (?:by|von|par) /.test(phrase) && startsWithAny(phrase, phrases))
}

const startsWithAny = (phrase: string, phrases: ReadonlySet<string>) =>
  [...phrases].some(known => / (?:by|von|par)$/.test(known) && phrase.startsWith(known))

const phraseOf = (text: string) =>
  text
    .replace(/[-_=*–—─━#:：\s]+/gu, ' ')
    .trim()
    .toLowerCase()

const originals = new Set(originalPhrases.map(phraseOf))
const forwards = new Set([...forwardPhrases, ...forwardLines].map(phraseOf))
const forwardOnly = new Set(forwardLines.map(phraseOf))

/** Without the dashes and stars some programs put around it. */
function bared(text: string) {
  let start = 0
  let end = text.length
  while (start < end && isOrnament(text[start])) start += 1
  while (end > start && isOrnament(text[end - 1])) end -= 1
  return text.slice(start, end)
}

const isOrnament = (character: string | undefined) => character !== undefined && ' -*_|–—'.includes(character)
const isColon = (character: string | undefined) => character === ':' || character === '：'
const isLetter = (text: string, word: string) =>
  /[a-zà-ÿа-я]/.test(word.at(-1)!) && /[\p{L}\p{M}]/u.test(text[word.length] ?? '')
const hasEnded = (text: string) => /[!?。！？]$/.test(text) || /[\p{L}\p{M}]{4}\.$/u.test(text)

// A name, an address and a date do not fill more.
const longest = 400
