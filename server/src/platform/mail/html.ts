import sanitizeHtml from 'sanitize-html'
import { harmlessStyle } from './css.ts'

export type HtmlCaps = { mostCharacters: number; mostElements: number; mostLevels: number; budgetMs: number }

export const htmlCaps: HtmlCaps = {
  mostCharacters: 1_048_576,
  mostElements: 50_000,
  mostLevels: 256,
  budgetMs: 2_000,
}

/**
 * A mail's HTML with only what lays out a text. Nothing of it runs, asks another server or leaves its frame:
 * pictures wait in `data-cid` and `data-remote-src` for whoever shows them. Null where it is too much to read.
 */
export function sanitiseMail(html: string, limits: HtmlCaps = htmlCaps): string | null {
  if (html.length > limits.mostCharacters) return null
  const count = openCount(limits)
  try {
    return sanitizeHtml(html, { ...rules, onOpenTag: count.open, onCloseTag: count.close })
  } catch (error) {
    if (error instanceof TooHard) return null
    throw error
  }
}

class TooHard extends Error {}

function openCount({ mostElements, mostLevels, budgetMs }: HtmlCaps) {
  const deadline = performance.now() + budgetMs
  let elements = 0
  let levels = 0
  return {
    open() {
      elements += 1
      levels += 1
      const isLate = elements % 64 === 0 && performance.now() > deadline
      if (elements > mostElements || levels > mostLevels || isLate) throw new TooHard()
    },
    close() {
      levels -= 1
    },
  }
}

const blocks = 'address article aside blockquote center div footer header hr main nav p pre section'
const headings = 'h1 h2 h3 h4 h5 h6'
const lists = 'dd dl dt li ol ul menu'
const tables = 'caption col colgroup table tbody td tfoot th thead tr'
const words =
  'a abbr acronym b bdi big br cite code del dfn em font i img ins kbd mark q rp rt ruby s samp small span strike strong sub sup tt u var wbr'

const layout = ['align', 'valign', 'bgcolor', 'width', 'height']

const rules: sanitizeHtml.IOptions = {
  allowedTags: [blocks, headings, lists, tables, words].flatMap(names => names.split(' ')),
  allowedAttributes: {
    '*': ['style', 'dir', 'lang', 'title', 'class', 'id', 'align', 'bgcolor'],
    a: ['href', 'rel', 'target'],
    blockquote: ['type'],
    font: ['color', 'face', 'size'],
    hr: ['size', 'width', 'color', 'noshade'],
    img: ['alt', 'width', 'height', 'border', 'data-cid', 'data-remote-src'],
    ol: ['start', 'type'],
    ul: ['type'],
    li: ['value'],
    table: [...layout, 'border', 'cellpadding', 'cellspacing', 'summary', 'rules', 'frame'],
    ...Object.fromEntries(
      ['td', 'th'].map(cell => [cell, [...layout, 'colspan', 'rowspan', 'nowrap', 'scope']]),
    ),
    ...Object.fromEntries(
      ['tr', 'tbody', 'thead', 'tfoot', 'col', 'colgroup'].map(row => [row, [...layout, 'span']]),
    ),
  },
  // What they contain is not text, or is text only to a parser that reads it otherwise than this one.
  nonTextTags: [
    ...[
      'script',
      'style',
      'textarea',
      'option',
      'select',
      'noscript',
      'title',
      'xmp',
      'plaintext',
      'listing',
    ],
    ...['svg', 'math', 'template', 'iframe', 'noembed', 'noframes', 'object', 'applet', 'audio', 'video'],
    ...['canvas', 'frameset', 'datalist', 'button'],
  ],
  allowedSchemes: ['http', 'https', 'mailto', 'tel'],
  allowProtocolRelative: false,
  // sanitize-html would read each style with a whole CSS parser; ours has been through css.ts.
  parseStyleAttributes: false,
  transformTags: { '*': transform },
}

function transform(tagName: string, given: sanitizeHtml.Attributes): sanitizeHtml.Tag {
  const attribs: sanitizeHtml.Attributes = { ...given }
  delete attribs['data-cid']
  delete attribs['data-remote-src']
  if (given.style !== undefined) set(attribs, 'style', harmlessStyle(given.style))
  if (given.class !== undefined) set(attribs, 'class', classes(given.class))
  if (given.id !== undefined) set(attribs, 'id', mark.test(given.id) ? given.id : '')
  for (const name of ['bgcolor', 'color', 'face', 'width', 'height']) {
    if (attribs[name] !== undefined && !plainWord.test(attribs[name])) delete attribs[name]
  }
  if (tagName === 'a') linkTo(attribs, given.href)
  if (tagName === 'img') holdPicture(attribs, given.src)
  return { tagName, attribs }
}

function set(attribs: sanitizeHtml.Attributes, name: string, value: string) {
  if (value === '') delete attribs[name]
  else attribs[name] = value
}

const plainWord = /^[\p{L}\p{N} .,%#()'"_-]{1,200}$/u

// Classes and ids stay because mailers mark quotes by them; no style sheet and no script is there to use them.
const mark = /^[\w-]{1,60}$/

const classes = (given: string) =>
  given
    .slice(0, 500)
    .split(/\s/)
    .filter(name => mark.test(name))
    .slice(0, 10)
    .join(' ')

function linkTo(attribs: sanitizeHtml.Attributes, href: string | undefined) {
  const target = harmlessLink(href ?? '')
  if (target === null) {
    delete attribs.href
    return
  }
  Object.assign(attribs, { href: target, rel: 'noopener noreferrer', target: '_blank' })
}

/** As a browser reads it: whatever it skips is gone before the scheme is judged. */
function harmlessLink(href: string) {
  const cleaned = href.replace(/[\p{Cc}\p{Cf}]+/gu, '').trim()
  if (cleaned.length > 8_000 || !/^(https?|mailto|tel):/i.test(cleaned)) return null
  try {
    return new URL(cleaned).href
  } catch {
    return null
  }
}

function holdPicture(attribs: sanitizeHtml.Attributes, src = '') {
  delete attribs.src
  delete attribs.srcset
  const source = src.replace(/[\p{Cc}\p{Cf}]+/gu, '').trim()
  if (/^cid:/i.test(source)) attribs['data-cid'] = contentIdOf(source)
  else {
    const remote = harmlessLink(source.startsWith('//') ? `https:${source}` : source)
    if (remote?.startsWith('http')) attribs['data-remote-src'] = remote
  }
}

/** The content id a picture's address means (RFC 2392): percent-encoded there, bare in the part's header. */
function contentIdOf(address: string) {
  const id = address.slice(4, 1_000)
  try {
    return decodeURIComponent(id)
  } catch {
    return id
  }
}
