import type { Line } from './reply-headers.ts'

export type Element = {
  name: string
  /** Its opening tag as written. */
  tag: string
  start: number
  /** Where its content begins and ends, and where it is closed. */
  inner: number
  innerEnd: number
  end: number
  parent: Element | null
}

/** What a reader sees as one line. `at` is where its first visible character stands, `element` what that lies in. */
export type HtmlLine = Line & { at: number; element: Element | null }

export type Outline = {
  elements: Element[]
  lines: HtmlLine[]
  /** Where something visible stands, in order: texts, pictures and drawn lines. */
  visible: number[]
}

/**
 * Sanitised HTML as elements and lines with their places in it, so that it can be cut without being written anew.
 * One pass without recursion; what is not balanced is closed where its parent ends.
 */
export function outlineOf(html: string): Outline {
  const elements: Element[] = []
  const lines: HtmlLine[] = []
  const visible: number[] = []
  let open: Element | null = null
  let line: HtmlLine | null = null
  let hidden = 0
  let at = 0

  const endLine = () => {
    if (line && lines.length < mostLines)
      lines.push({ ...line, text: line.text.replace(/\s+/gu, ' ').trim() })
    line = null
  }
  const show = (text: string, place: number) => {
    if (hidden > 0 || text === '') return
    visible.push(place)
    if (!line) line = { text, at: place, element: open, isQuoted: false }
    else if (line.text.length < longestLine) line.text += text
  }
  const space = () => {
    if (line && line.text.length < longestLine) line.text += ' '
  }
  const close = (element: Element, innerEnd: number, end: number) => {
    element.innerEnd = innerEnd
    element.end = end
    if (isHidden(element.name)) hidden -= 1
    open = element.parent
  }

  while (at < html.length) {
    const next = html.indexOf('<', at)
    const textEnd = next === -1 ? html.length : next
    if (textEnd > at) {
      const text = html.slice(at, Math.min(textEnd, at + 4 * longestLine))
      const blank = leadingBlank(text)
      if (blank < text.length) show(unescaped(text.slice(blank)), at + blank)
      else space()
    }
    if (next === -1) break
    const end = tagEnd(html, next)
    const tag = html.slice(next, end)
    const name = nameOf(tag)
    if (name && isBlock(name)) endLine()
    else if (name === 'td' || name === 'th') space()
    if (name === 'hr') {
      show('_____', next)
      endLine()
    } else if (name === 'img') show('\ufffc', next)
    else if (name && tag[1] === '/') {
      const closed = opened(open, name)
      while (closed && open !== closed.parent) close(open!, next, open === closed ? end : next)
    } else if (name && !voids.has(name) && !tag.endsWith('/>')) {
      open = { name, tag, start: next, inner: end, innerEnd: html.length, end: html.length, parent: open }
      elements.push(open)
      if (isHidden(name)) hidden += 1
    }
    at = end
  }
  endLine()
  return { elements, lines, visible }
}

/** The value of an attribute in an opening tag, in lower case; empty when it has none. */
export function attributeOf(tag: string, name: 'class' | 'id' | 'type' | 'style') {
  const [, double, single, bare] = attributes[name].exec(tag.slice(0, 2_000)) ?? []
  return (double ?? single ?? bare ?? '').toLowerCase()
}

const attribute = (name: string) => new RegExp(`\\s${name}=(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i')
const attributes = {
  class: attribute('class'),
  id: attribute('id'),
  type: attribute('type'),
  style: attribute('style'),
}

/** Attribute values may hold `>`. */
function tagEnd(html: string, start: number) {
  if (html.startsWith('<!--', start)) {
    const end = html.indexOf('-->', start)
    return end === -1 ? html.length : end + 3
  }
  let quote = ''
  for (let at = start + 1; at < html.length; at += 1) {
    const character = html[at]!
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '>') return at + 1
    else if ((character === '"' || character === "'") && html[at - 1] === '=') quote = character
  }
  return html.length
}

const nameOf = (tag: string) => /^<\/?([a-z][a-z0-9:-]{0,30})/i.exec(tag)?.[1]?.toLowerCase() ?? null

function opened(open: Element | null, name: string) {
  let element = open
  for (let depth = 0; element && depth < 50; depth += 1) {
    if (element.name === name) return element
    element = element.parent
  }
  return null
}

function leadingBlank(text: string) {
  let blank = 0
  while (blank < text.length) {
    if (isBlank(text.charCodeAt(blank))) blank += 1
    else if (text.startsWith('&nbsp;', blank) || text.startsWith('&#160;', blank)) blank += 6
    else return blank
  }
  return blank
}

const isBlank = (code: number) =>
  code <= 0x20 || code === 0xa0 || (code >= 0x200b && code <= 0x200f) || code === 0x3000 || code === 0xfeff

/** Only what a sanitiser leaves escaped. */
const unescaped = (text: string) =>
  text.includes('&')
    ? text
        .replace(/&(?:nbsp|#160|#xa0);/gi, ' ')
        .replace(/&(?:lt|#60|#x3c);/gi, '<')
        .replace(/&(?:gt|#62|#x3e);/gi, '>')
        .replace(/&(?:quot|#34);/gi, '"')
        .replace(/&(?:#39|apos|#x27);/gi, "'")
        .replace(/&(?:amp|#38);/gi, '&')
    : text

const isHidden = (name: string) => hiddens.has(name)
const isBlock = (name: string) => blocks.has(name)
const hiddens = new Set(['style', 'script', 'title', 'template'])
const voids = new Set(['area', 'base', 'br', 'col', 'hr', 'img', 'input', 'link', 'meta', 'source', 'wbr'])
const blocks = new Set(
  (
    'address article aside blockquote body br caption center dd details div dl dt fieldset figure footer form h1 h2 h3 ' +
    'h4 h5 h6 head header hr html includetail li main nav ol p pre section summary table tbody tfoot thead tr ul'
  ).split(' '),
)

const longestLine = 1_000
// As in folding.ts: beyond it nothing is looked for.
const mostLines = 10_000
