import { createHmac } from 'node:crypto'
import type { Secrets } from '../../../platform/secrets.ts'
import { isSameText } from '../../../platform/secrets.ts'

/**
 * The sign by which an answer finds its conversation: the conversation's id and eighty bits of HMAC, in base32, so
 * that it survives servers that change upper and lower case. It stands in the Message-ID of all we send, which
 * answers quote in References, and in the address they go to where the server delivers plus-addresses.
 */
export function makeReplyToken(secrets: Secrets, conversationId: string): string {
  const [key] = secrets.keysFor(purpose)
  return base32(Buffer.concat([idBytes(conversationId), mac(key!, conversationId)]))
}

/** The conversation a token names; null for anything we did not sign. */
export function readReplyToken(secrets: Secrets, token: string): string | null {
  const bytes = fromBase32(token.toLowerCase())
  if (bytes?.length !== 26) return null
  const hex = bytes.toString('hex', 0, 16)
  const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  const signature = bytes.toString('hex', 16)
  return secrets.keysFor(purpose).some(key => isSameText(mac(key, id).toString('hex'), signature)) ? id : null
}

/** Without angle brackets. Says which message it is, so that a bounce of it can be told. */
export const makeMailId = (secrets: Secrets, conversationId: string, messageId: string, domain: string) =>
  `afar.${base32(idBytes(messageId))}.${makeReplyToken(secrets, conversationId)}@${domain}`

/** What one of our own Message-IDs says; null for all others. */
export function readMailId(secrets: Secrets, mailId: string) {
  const [, message, token] = /^afar\.([a-z2-7]{26})\.([a-z2-7]{42})@/i.exec(mailId) ?? []
  const conversationId = token ? readReplyToken(secrets, token) : null
  const hex = message ? fromBase32(message.toLowerCase())?.toString('hex', 0, 16) : undefined
  if (!conversationId || hex?.length !== 32) return null
  const messageId = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
  return { conversationId, messageId }
}

/** The local part of an address may have 64 characters (RFC 5321 §4.5.3.1.1): too long a one goes without. */
export function addReplyToken(address: string, token: string): string {
  const at = address.lastIndexOf('@')
  const local = `${address.slice(0, at)}+${token}`
  return local.length <= 64 ? `${local}${address.slice(at)}` : address
}

export const tokenInAddress = (address: string): string | null =>
  /\+([a-z2-7]{42})@/i.exec(address)?.[1] ?? null

const purpose = 'mail-thread'

const mac = (key: Buffer, conversationId: string) =>
  createHmac('sha256', key).update(conversationId).digest().subarray(0, 10)

const idBytes = (id: string) => Buffer.from(id.replaceAll('-', ''), 'hex')

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'

/** RFC 4648 §6 without padding. */
function base32(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(value >>> (bits - 5)) & 31]
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text
}

/** Null too where the bits that fill up the last letter are set: of each text there is one spelling. */
function fromBase32(text: string): Buffer | null {
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const letter of text) {
    const digit = alphabet.indexOf(letter)
    if (digit < 0) return null
    value = (value << 5) | digit
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push(value >>> bits)
      value &= (1 << bits) - 1
    }
  }
  return value === 0 ? Buffer.from(bytes) : null
}
