import { domainToASCII } from 'node:url'
import { decodeWords, endOfWord } from './header-words.ts'
import { unfold } from './headers.ts'
import type { Correspondent } from './mail.ts'

const mostAddresses = 1_000
const mostCharacters = 64 * 1024

/**
 * The addresses of a header as it came, in one pass and without recursion: quoted names and local parts,
 * comments, groups, semicolons as Outlook writes them. Encoded words are decoded only after the commas are
 * found, so no name can smuggle in an address. What has no address that mail could go to is left out.
 */
export function readAddresses(raw: string): Correspondent[] {
  const text = unfold(raw.slice(0, mostCharacters))
  const open = { quotes: true, comments: true }
  const found: Correspondent[] = []
  let entry = emptyEntry()
  const finish = () => {
    const correspondent = correspondentOf(entry)
    if (correspondent) found.push(correspondent)
    entry = emptyEntry()
  }
  for (let at = 0; at < text.length && found.length < mostAddresses; at += 1) {
    const character = text[at]!
    const word = character === '=' && text[at + 1] === '?' ? endOfWord(text, at) : null
    if (word !== null) {
      // It may hold a comma, which it should not, and then it is no comma.
      entry.text += text.slice(at, word)
      at = word - 1
    } else if (character === '"' && open.quotes) {
      const quoted = quotedAt(text, at)
      // One that never ends is a character like another, and so are all after it.
      open.quotes = quoted.end > at + 1
      // Before an @ it is a local part and stays quoted, whatever it contains.
      if (text[quoted.end] === '@') entry.text += text.slice(at, quoted.end)
      else entry.text += quoted.value
      at = quoted.end - 1
    } else if (character === '(' && open.comments) {
      const end = endOfComment(text, at)
      open.comments = end > at + 1
      entry.comment ||= text.slice(at + 1, end - 1)
      at = end - 1
    } else if (character === '<') {
      const end = endOfAngle(text, at)
      entry.angle ||= text.slice(at + 1, end).replace(/>$/, '')
      at = end - 1
    } else if (character === ',' || character === ';') finish()
    else if (character === ':' && entry.angle === '' && !entry.hasAt) entry = emptyEntry()
    else if (character !== '>' && character !== '"') {
      entry.text += character
      if (character === '@') entry.hasAt = true
    }
  }
  finish()
  return found
}

/** One address as it is compared and stored, or null where no mail could go to it. */
export function readAddress(given: string): string | null {
  // A route before the address (RFC 5322, 4.4) and blanks within are obsolete, and seen.
  const bare = given.trim().replace(/^mailto:/i, '')
  const routed = bare.startsWith('@') ? bare.slice(bare.lastIndexOf(':') + 1) : bare
  const at = routed.lastIndexOf('@')
  const local = unquoteLocal(routed.slice(0, at).trim())
  const domain = domainOf(routed.slice(at + 1).trim())
  if (at < 1 || local === null || domain === null) return null
  const address = `${local}@${domain}`.toLowerCase()
  return address.length <= 320 ? address : null
}

type Entry = { text: string; hasAt: boolean; angle: string; comment: string }

const emptyEntry = (): Entry => ({ text: '', hasAt: false, angle: '', comment: '' })

function correspondentOf({ text, angle, comment }: Entry): Correspondent | null {
  const inAngles = angle === '' ? null : readAddress(angle)
  if (inAngles !== null) return { name: nameOf(text || comment), address: inAngles }
  // Without angles the address is the word with the @; some mailers encode it whole.
  const words = (text.includes('@') ? text : decodeWords(text)).trim()
  const quoted = words.startsWith('"') ? readAddress(words) : null
  if (quoted !== null) return { name: nameOf(comment), address: quoted }
  const pieces = words.split(/\s+/)
  const n = pieces.findLastIndex(piece => piece.includes('@'))
  const address = n < 0 ? null : readAddress(pieces[n]!.replace(/^[<'"]+|[>'"]+$/g, ''))
  if (address === null) return null
  const others = pieces.filter((_, other) => other !== n).join(' ')
  return { name: nameOf(others || comment), address }
}

const mostNameCharacters = 200

/** Only what shows: a name that turns the line round or ends it could make another address of it. */
export const nameOf = (raw: string) =>
  decodeWords(raw)
    .slice(0, mostNameCharacters * 4)
    .replace(/[\t\r\n]/g, ' ')
    .replace(/\p{C}|\p{Zl}|\p{Zp}/gu, '')
    .replace(/\s+/gu, ' ')
    .trim()
    .replace(/^'([^']*)'$/, '$1')
    .slice(0, mostNameCharacters)
    .toWellFormed()

function quotedAt(text: string, start: number) {
  let value = ''
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '"') return { value, end: at + 1 }
    if (text[at] === '\\') at += 1
    value += text[at] ?? ''
  }
  return { value: '', end: start + 1 }
}

function endOfComment(text: string, start: number) {
  let depth = 0
  for (let at = start; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '(') depth += 1
    else if (text[at] === ')' && --depth === 0) return at + 1
  }
  return start + 1
}

/** To its `>`; where that is missing, to the next address. */
function endOfAngle(text: string, start: number) {
  const room = text.slice(start + 1, start + 1 + longestAngle)
  const close = room.indexOf('>')
  const next = room.indexOf('<')
  if (close >= 0 && (next < 0 || close < next)) return start + 1 + close + 1
  const end = room.search(/[,;<]/)
  return start + 1 + (end < 0 ? room.length : end)
}

const longestAngle = 1_000

function unquoteLocal(local: string) {
  if (local.startsWith('"') && local.endsWith('"') && local.length > 2) {
    const value = quotedAt(local, 0).value
    if (hasControl(value)) return null
    return /^[\p{L}\p{N}!#$%&'*+/=?^_`{|}~.-]+$/u.test(value)
      ? value
      : `"${value.replace(/(["\\])/g, '\\$1')}"`
  }
  const bare = local.replace(/\s+/g, '')
  return bare === '' || hasControl(bare) || /["(),:;<>@[\\\]]/.test(bare) ? null : bare
}

const hasControl = (text: string) => /\p{C}/u.test(text)

function domainOf(domain: string) {
  if (/^\[[\w.:]{2,60}\]$/.test(domain)) return domain
  const ascii = domainToASCII(domain.replace(/\s+/g, '').replace(/\.$/, ''))
  return /^[a-z0-9_](?:[a-z0-9._-]{0,253})$/.test(ascii) && !ascii.includes('..') ? ascii : null
}
