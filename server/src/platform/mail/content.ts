import { readAddresses } from './addresses.ts'
import { isMail, openBodyJudge } from './bodies.ts'
import { unflow } from './flowed.ts'
import { foldText } from './folding.ts'
import { foldHtml } from './folding-html.ts'
import { headerOf } from './headers.ts'
import { sanitiseMail } from './html.ts'
import { textOfHtml } from './html-text.ts'
import type { Letter, Part, Report, Segment } from './mail.ts'
import { takeApart } from './structure.ts'

export type Content = { text: string; segments: Segment[]; html: string | null; findings: string[] }

/** What a person reads of a mail: its text, folded, and its HTML where it has some that can be shown. */
export async function readContent(letter: Letter, report: Report | null): Promise<Content> {
  const findings: string[] = []
  const judge = openBodyJudge()
  const bodies = letter.parts
    .filter(part => judge(part) === 'body')
    .map(part => readBody(part, findings))
    .filter(body => body.text.trim() !== '' || body.html?.trim())
  const shown = chooseAmongAlternatives(bodies)
  const said = cut(shown.map(({ text }) => text).join('\n\n'), findings)
  const text = said === '' ? await textOfRest(letter, report) : said
  const html = htmlOf(bodies)
  return {
    text,
    segments: text === '' ? [] : foldText(text),
    html,
    findings: [...new Set(findings)],
  }
}

type Body = { isAlternative: boolean; text: string; html: string | null }

function readBody({ type, parameters, text, within }: Part, findings: string[]): Body {
  const isAlternative = within.includes('multipart/alternative')
  const given = tidy(text ?? '')
  if (type === 'text/html') {
    const html = sanitiseMail(given)
    if (html === null) findings.push('html_too_hard')
    return { isAlternative, text: textOfHtml(html ?? given.slice(0, mostHardHtml)), html: html ?? '' }
  }
  // The older rich texts (RFC 1896) are read without their tags; those for one program only never.
  if (type === 'text/x-amp-html' || type === 'text/watch-html') return { isAlternative, text: '', html: null }
  if (type !== 'text/plain') return { isAlternative, text: textOfHtml(given), html: null }
  const isFlowed = parameters.format?.toLowerCase() === 'flowed'
  const plain = isFlowed ? unflow(given, parameters.delsp?.toLowerCase() === 'yes') : given
  return { isAlternative, text: plain.trimEnd().replace(/^\n+/, ''), html: null }
}

const mostHardHtml = 4 * 1024 * 1024

const tidy = (text: string) => text.replace(/\r\n?/g, '\n').replaceAll('\0', '').toWellFormed()

/** Of parts that say the same the plain one, unless it says nothing. */
function chooseAmongAlternatives(bodies: Body[]) {
  const plain = bodies.filter(body => body.isAlternative && body.html === null && body.text.trim() !== '')
  return bodies.filter(body => {
    if (!body.isAlternative) return body.text.trim() !== ''
    if (plain.length > 0) return body.html === null && body.text.trim() !== ''
    return body.text.trim() !== ''
  })
}

const mostText = 2 * 1024 * 1024

function cut(text: string, findings: string[]) {
  if (text.length <= mostText) return text
  findings.push('text_cut')
  return text.slice(0, mostText).toWellFormed()
}

/** All bodies in their order, where any is HTML; none where one of them was too hard to show. */
function htmlOf(bodies: Body[]) {
  const pages = bodies.filter(({ html }) => html !== null)
  if (pages.length === 0 || pages.some(({ html, text }) => html === '' && text !== '')) return null
  const shown = bodies.filter(body => body.html !== null || !body.isAlternative)
  const joined = shown.map(({ html, text }) => html ?? `<pre>${escapeHtml(text)}</pre>`).join('<br>')
  return joined.trim() === '' ? null : foldHtml(joined)
}

const escapeHtml = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Where nothing was said: the mail that was passed on, or what a machine reports. */
async function textOfRest({ parts }: Letter, report: Report | null): Promise<string> {
  const forwarded = report ? undefined : parts.find(part => isMail(part.type) && part.text)
  if (forwarded) return textOfForwarded(forwarded.text!)
  const reported = parts.filter(({ type, text }) => type.startsWith('message/') && !isMail(type) && text)
  return tidy(reported.map(({ text }) => text).join('\n\n')).trim()
}

async function textOfForwarded(source: string): Promise<string> {
  const letter = await takeApart(Buffer.from(source))
  const judge = openBodyJudge()
  const bodies = letter.parts.filter(part => judge(part) === 'body').map(part => readBody(part, []))
  const text = chooseAmongAlternatives(bodies).map(body => body.text)
  const from = readAddresses(letter.headers.find(({ name }) => name.toLowerCase() === 'from')?.raw ?? '')[0]
  const heading = [
    from && `From: ${from.name} <${from.address}>`,
    ...['Date', 'Subject'].map(name => {
      const value = headerOf(letter.headers, name.toLowerCase())
      return value && `${name}: ${value}`
    }),
  ]
  return [heading.filter(Boolean).join('\n'), ...text].filter(Boolean).join('\n\n').trim()
}
