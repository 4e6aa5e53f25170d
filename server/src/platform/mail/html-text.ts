/**
 * The text of HTML as a person reads it: lines where blocks are, `> ` before what is quoted, no tags. One pass
 * over whatever is given, well formed or not, so it serves where the HTML was too hard for the sanitiser too.
 */
export function textOfHtml(html: string): string {
  const lines = openLines()
  let at = 0
  let preDepth = 0
  while (at < html.length) {
    const open = html.indexOf('<', at)
    if (open !== at) lines.say(decodeEntities(html.slice(at, open < 0 ? html.length : open)), preDepth > 0)
    if (open < 0) break
    const tag = tagAt(html, open)
    if (!tag) {
      lines.say('<', preDepth > 0)
      at = open + 1
      continue
    }
    at = tag.isClosing || !unread.has(tag.name) ? tag.end : endOfUnread(html, tag.name, tag.end)
    if (tag.name === 'pre') preDepth = Math.max(0, preDepth + (tag.isClosing ? -1 : 1))
    lines.mark(tag)
  }
  return lines.end()
}

type Tag = { name: string; isClosing: boolean; alt: string; end: number }

const unread = new Set(['script', 'style', 'head', 'title', 'textarea', 'xmp', 'svg', 'math', 'template'])
const paragraphs = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'ul',
  'ol',
  'dl',
  'pre',
  'table',
  'blockquote',
])
const blocks = new Set([
  ...['div', 'tr', 'li', 'dd', 'dt', 'section', 'article', 'header', 'footer', 'address', 'center', 'main'],
  ...['caption', 'thead', 'tbody', 'tfoot', 'body', 'form', 'fieldset', 'menu', 'nav', 'aside'],
])

function openLines() {
  const done: string[] = []
  // In pieces: a string that is asked for its end after each of many additions is copied each time.
  let line: string[] = []
  let isBlankLast = true
  let isPre = false
  let quotes = 0
  /** How deep in quotes the empty line stands that comes before the next words; several are one. */
  let gap: number | null = null
  const finish = () => {
    const text = isPre ? line.join('').trimEnd() : line.join('').trim()
    line = []
    isBlankLast = true
    isPre = false
    if (text === '') return
    if (gap !== null && done.length > 0) done.push('> '.repeat(Math.min(gap, quotes, mostQuotes)).trimEnd())
    gap = null
    done.push(`${'> '.repeat(Math.min(quotes, mostQuotes))}${text}`)
  }
  const leaveGap = () => {
    gap = Math.min(gap ?? quotes, quotes)
  }
  const add = (text: string) => {
    if (text === '') return
    line.push(text)
    isBlankLast = text.endsWith(' ')
  }
  const breakLine = () => {
    if (line.every(piece => piece.trim() === '')) leaveGap()
    finish()
  }
  return {
    say(text: string, isKept: boolean) {
      if (isKept) {
        for (const [n, next] of text.split(/\r?\n/).entries()) {
          if (n > 0) breakLine()
          add(next)
          isPre = true
        }
        return
      }
      const words = text.replace(/[ \t\r\n\f\u200b\u00ad]+/g, ' ')
      add(isBlankLast ? words.replace(/^ /, '') : words)
    },
    mark({ name, isClosing, alt }: Tag) {
      if (name === 'br') breakLine()
      else if (name === 'hr') {
        finish()
        add('---')
        finish()
      } else if (paragraphs.has(name)) {
        finish()
        leaveGap()
        if (name === 'blockquote') quotes = Math.max(0, quotes + (isClosing ? -1 : 1))
        leaveGap()
      } else if (blocks.has(name)) {
        finish()
        if (name === 'li' && !isClosing) add('- ')
      } else if ((name === 'td' || name === 'th') && !isBlankLast) add(' ')
      else if (name === 'img' && alt !== '') add(`[${alt}]`)
    },
    end() {
      finish()
      return done.join('\n')
    },
  }
}

const mostQuotes = 20

/** A comment or a declaration counts as a tag without a name; a `<` that begins nothing is text. */
function tagAt(html: string, open: number): Tag | null {
  const next = html[open + 1] ?? ''
  if (next === '!' || next === '?') {
    const isComment = html.startsWith('<!--', open)
    const close = html.indexOf(isComment ? '-->' : '>', open + 2)
    return { name: '', isClosing: false, alt: '', end: close < 0 ? html.length : close + (isComment ? 3 : 1) }
  }
  const name = /^\/?([a-z][a-z0-9]{0,20})/i.exec(html.slice(open + 1, open + 24))
  if (!name) return null
  const end = endOfTag(html, open + 1)
  const isClosing = next === '/'
  const isPicture = !isClosing && name[1]!.toLowerCase() === 'img'
  const alt = isPicture
    ? /\salt="([^"]{1,200})"/i.exec(html.slice(open, Math.min(end, open + 4_000)))?.[1]
    : ''
  return { name: name[1]!.toLowerCase(), isClosing, alt: decodeEntities(alt ?? '').trim(), end }
}

/** Past a `>` that stands within quotes, as in title="a > b"; quotes that never close end at the first one. */
function endOfTag(html: string, from: number) {
  const limit = Math.min(html.length, from + longestTag)
  let quote = ''
  for (let at = from; at < limit; at += 1) {
    const character = html[at]!
    if (quote !== '') {
      if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '>') return at + 1
  }
  const close = html.slice(from, limit).indexOf('>')
  return close < 0 ? limit : from + close + 1
}

const longestTag = 16_000

function endOfUnread(html: string, name: string, from: number) {
  const closing = new RegExp(`</${name}`, 'gi')
  closing.lastIndex = from
  const found = closing.exec(html)
  return found ? found.index : html.length
}

/** Those a sanitiser writes, numbers, and the ones most seen; any other stays as it stands. */
function decodeEntities(text: string) {
  if (!text.includes('&')) return text
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,8});/gi, (whole, entity: string) => {
    if (entity[0] !== '#') return named[entity.toLowerCase()] ?? whole
    const hex = entity[1] === 'x' || entity[1] === 'X'
    const code = Number.parseInt(entity.slice(hex ? 2 : 1), hex ? 16 : 10)
    return code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : ''
  })
}

const named: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', copy: '©', reg: '®', trade: '™' },
  ...{ euro: '€', pound: '£', yen: '¥', hellip: '…', ndash: '–', mdash: '—', bull: '•', middot: '·' },
  ...{ lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', zwnj: '', zwj: '', shy: '' },
  ...{ auml: 'ä', ouml: 'ö', uuml: 'ü', szlig: 'ß', eacute: 'é', egrave: 'è', agrave: 'à', ccedil: 'ç' },
}
