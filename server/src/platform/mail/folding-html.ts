import { attributeOf, type Element, type HtmlLine, type Outline, outlineOf } from './html-outline.ts'
import { findAttribution, isForwardLine, isHeaderBlock, isOriginalLine, isRule } from './reply-headers.ts'

/**
 * Sanitised HTML with its quoted parts in `<details class="quote">`. It looks at class, id and type, so it runs
 * before those are taken away. What is said is never folded whole: a mail of nothing but quote, or a forwarded one
 * with little above it, comes back as it was.
 */
export const foldHtml = (html: string) =>
  cutUp(
    html,
    (quote, before, after) =>
      `${before}<details class="quote"><summary>…</summary>${after}${quote}</details>`,
  )

/** What is left when the folded parts are taken out. */
export const saidInHtml = (html: string) => cutUp(html, (_quote, before) => before)

/** A piece of one parent's content. */
type Range = { start: number; end: number }

/** `tail`: all from here on is quoted, within `tailIn` and the elements around it. */
type Folds = { ranges: Range[]; tail: number; tailIn: Element | null }

function cutUp(html: string, fold: (quote: string, before: string, after: string) => string) {
  const folds = findFolds(outlineOf(html), html.length)
  if (!folds) return html
  const pieces: string[] = []
  let at = 0
  for (const { start, end } of folds.ranges) {
    pieces.push(html.slice(at, start), fold(html.slice(start, end), '', ''))
    at = end
  }
  pieces.push(html.slice(at, folds.tail))
  if (folds.tail < html.length) {
    // The elements open here are closed before the fold and opened again in it.
    const open: Element[] = []
    for (let element = folds.tailIn; element; element = element.parent) open.push(element)
    const closing = open.map(({ name }) => `</${name}>`).join('')
    const opening = open
      .reverse()
      .map(({ tag }) => tag)
      .join('')
    pieces.push(fold(html.slice(folds.tail), closing, opening))
  }
  return pieces.join('')
}

function findFolds(outline: Outline, length: number): Folds | null {
  const quotes = outermost(outline.elements.filter(element => isQuote(element, outline)))
  const walk = walkLines(outline, quotes, length)
  const { tail, tailIn } = walk
  let ranges = joined(
    [...walk.ranges, ...quotes.map(rangeOf)].filter(({ start }) => start < tail && start < walk.end),
  )
  if (ranges.length === 0 && tail === length && walk.end === length) ranges = lastBlockquote(outline)
  if (ranges.length === 0 && tail === length) return null
  if (!outline.lines.some(line => isSaid(line, ranges, tail))) return null
  return { ranges: ranges.filter(({ end }) => end <= tail), tail, tailIn }
}

/** As in a text: attributions with the quote below them, and the header after which all is quoted. */
function walkLines({ elements, lines, visible }: Outline, quotes: Element[], length: number) {
  const blockquotes = outermost(elements.filter(({ name }) => name === 'blockquote'))
  const marker = elements.find(element => isTailMarker(element) && !findAround(quotes, element.start))
  const ranges: Range[] = []
  let saidCharacters = 0
  let room = mostAttributions
  let quotedUntil = 0
  const result = { ranges, tail: length, tailIn: null as Element | null, end: length }
  const cutAt = (at: number, place = lines[at]!.at, within = lines[at]!.element) => {
    const above = lines[at - 1]
    // The line drawn above a quoted header belongs to it.
    const isRuled = above && !above.isQuoted && isRule(above.text)
    const { from, element } = lifted(isRuled ? above.at : place, isRuled ? above.element : within, visible)
    return { ...result, tail: from, tailIn: element }
  }
  for (const line of lines) line.isQuoted = findAround(quotes, line.at) !== undefined
  for (const [at, line] of lines.entries()) {
    if (marker && marker.start <= line.at) return cutAt(at, marker.start, marker.parent)
    if (line.isQuoted || line.at < quotedUntil) continue
    if (isForwardLine(line.text)) {
      return saidCharacters <= littleSaid ? { ...result, end: line.at } : cutAt(at)
    }
    if (isOriginalLine(line.text) || isHeaderBlock(lines, at)) return cutAt(at)
    const next = lines[at + 1]
    const below = next && (findAround(quotes, next.at) ?? findAround(blockquotes, next.at))
    const quoted = below && below.start > line.at ? below : undefined
    const mayEnd = quoted !== undefined || /[:：\-*_]$/.test(line.text)
    const attribution =
      quoted && isAttribution(line.element)
        ? { from: at, isCertain: true }
        : mayEnd && room > 0
          ? findAttribution(lines, at, quoted !== undefined)
          : null
    if (mayEnd) room -= 1
    const first = attribution && lines[attribution.from]!
    if (first && quoted) {
      const range = rangeFrom(first, quoted, visible)
      if (!range && !isVisibleIn(visible, quoted.end, length)) return cutAt(attribution.from)
      ranges.push(range ?? rangeOf(quoted))
      quotedUntil = quoted.end
    } else if (first && attribution.isCertain) return cutAt(attribution.from)
    saidCharacters += line.text.length
  }
  return result
}

/** Programs that say so. Outlook on the web writes `x_` before the classes of what it quotes. */
function isQuote(element: Element, { lines }: Outline) {
  const { name, tag } = element
  if (name === 'blockquote' && attributeOf(tag, 'type') === 'cite') return true
  if (name === 'includetail') return true
  const marks = marksOf(tag)
  if (marks.length === 0 || !marks.some(mark => quoteMarks.some(known => mark.startsWith(known))))
    return false
  const first = lines[firstAtOrAfter(lines, element.inner)]
  return !(first && first.at < element.end && isForwardLine(first.text))
}

/** Thunderbird, Gmail and Airmail mark the line above a quote. */
const isAttribution = (element: Element | null) =>
  element !== null && marksOf(element.tag).some(mark => attributionMarks.has(mark))

const isTailMarker = ({ tag }: Element) => marksOf(tag).some(mark => tailMarks.has(mark))

function marksOf(tag: string) {
  if (!/\s(?:class|id)=/i.test(tag)) return []
  return `${attributeOf(tag, 'class')} ${attributeOf(tag, 'id')}`
    .split(/\s+/)
    .filter(mark => mark !== '')
    .map(mark => mark.replace(/^(?:x_)+/, ''))
}

/** Gmail, Yahoo, Outlook for Mac, Proton, Tuta, NetEase, Airmail, Front, Zoho, Mail.ru: class or id. */
const quoteMarks = [
  ...[
    'gmail_quote',
    'gmail_extra_quote',
    'yahoo_quoted',
    'yahooquoted',
    'olk_src_body_section',
    'protonmail_quote',
    'tutanota_quote',
  ],
  ...[
    'isreplycontent',
    'includetail',
    'ntes-mailmaster-quote',
    'ntes_quote',
    'clean_bq',
    'front-blockquote',
    'zmail_extra',
  ],
  ...['mail_ru_quote', 'mailru-quote', 'replymsg', 'quoted_mail', 'freshdesk_quote', 'zendesk_quote'],
]

const attributionMarks = new Set(['moz-cite-prefix', 'gmail_attr', 'airmail_on', 'airmail_ext_on'])

/** Outlook (desktop, web, phones), Hotmail's hr and Zimbra's: all below is quoted. */
const tailMarks = new Set([
  ...[
    'divrplyfwdmsg',
    'appendonsend',
    'mail-editor-reference-message-container',
    'ms-outlook-mobile-reference-message',
  ],
  ...['stopspelling', 'zwchr', 'reply-intro', 'isreplycontent-header'],
])

/** From an attribution to the end of its quote, when both can be reached within one parent and nothing said lies between. */
function rangeFrom(line: HtmlLine, quote: Element, visible: number[]): Range | null {
  let { from, element } = lifted(line.at, line.element, visible)
  let end: Element = quote
  while (element && !(element.start <= end.start && end.end <= element.end)) {
    if (isVisibleIn(visible, element.inner, from)) return null
    from = element.start
    element = element.parent
  }
  while (end.parent !== element) {
    if (!end.parent || isVisibleIn(visible, end.end, end.parent.innerEnd)) return null
    end = end.parent
  }
  return { start: Math.min(from, end.start), end: end.end }
}

/** As far out as it is still the first thing seen in what it lies in. */
function lifted(place: number, within: Element | null, visible: number[]) {
  let from = place
  let element = within
  while (element && !isVisibleIn(visible, element.inner, place)) {
    from = element.start
    element = element.parent
  }
  return { from, element }
}

/** Without any mark, the last block quotation of a mail that says something besides; a mere indentation is not one. */
function lastBlockquote({ elements }: Outline): Range[] {
  const last = outermost(elements.filter(({ name }) => name === 'blockquote')).at(-1)
  if (!last || /border:\s?none|border-style:\s?none/.test(attributeOf(last.tag, 'style'))) return []
  return [rangeOf(last)]
}

const rangeOf = ({ start, end }: Element): Range => ({ start, end })

/** Of elements that do not overlap, in order. */
function findAround<Piece extends Range>(elements: readonly Piece[], place: number) {
  const element = elements[firstIndex(elements.length, index => elements[index]!.end > place)]
  return element && element.start <= place ? element : undefined
}

function outermost(elements: Element[]) {
  let end = 0
  return elements.filter(element => {
    if (element.start < end) return false
    end = element.end
    return true
  })
}

function joined(ranges: Range[]) {
  const result: Range[] = []
  for (const range of ranges.sort((a, b) => a.start - b.start || b.end - a.end)) {
    const last = result.at(-1)
    if (!last || range.start >= last.end) result.push(range)
  }
  return result
}

const isSaid = ({ at, text }: HtmlLine, ranges: Range[], tail: number) =>
  at < tail && !isRule(text) && !findAround(ranges, at)

const isVisibleIn = (visible: number[], from: number, to: number) => {
  const place = visible[firstIndex(visible.length, index => visible[index]! >= from)]
  return place !== undefined && place < to
}

const firstAtOrAfter = (lines: HtmlLine[], place: number) =>
  firstIndex(lines.length, index => lines[index]!.at >= place)

function firstIndex(length: number, isReached: (index: number) => boolean) {
  let [low, high] = [0, length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (isReached(middle)) high = middle
    else low = middle + 1
  }
  return low
}

const littleSaid = 400
const mostAttributions = 200
