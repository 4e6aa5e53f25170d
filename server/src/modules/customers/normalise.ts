import { createHash } from 'node:crypto'
import { domainToASCII } from 'node:url'
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/max'
import type { IdentityKind } from './tables.ts'

/** What a value is compared by and what is shown of it; `isWellFormed` says whether it can be what it claims to be. */
export type Normalised = { value: string; display: string; isWellFormed: boolean }

/**
 * One spelling for each address, number or account. A value that is none is kept as it came, so that a message
 * from it is not lost; `country` is where a number without + is from.
 */
export function normaliseIdentity(kind: IdentityKind, raw: string, country?: string | null): Normalised {
  const display = storable(raw).trim()
  const value =
    kind === 'email' ? normaliseEmail(display) : kind === 'phone' ? normalisePhone(display, country) : display
  const isWellFormed = value !== null && value !== '' && value.length <= longestValue
  return { value: shorten(value ?? display), display: shorten(display), isWellFormed }
}

/**
 * Lower case, NFC, the domain in its ASCII form (UTS 46), so `Jörg@Bücher.example` and
 * `jörg@xn--bcher-kva.example` are one address. Null for what can be no address.
 */
export function normaliseEmail(raw: string): string | null {
  const at = raw.lastIndexOf('@')
  const local = raw.slice(0, at).normalize('NFC').toLowerCase()
  const domain = domainToASCII(raw.slice(at + 1).normalize('NFC')).replace(/\.$/, '')
  const isAddress =
    at > 0 &&
    local.length <= 64 &&
    !/[\s@<>,;:"\p{Cc}]/u.test(local) &&
    /^[a-z0-9.-]+\.[a-z0-9-]{2,63}$/.test(domain)
  return isAddress && local.length + domain.length < 254 ? `${local}@${domain}` : null
}

/** E.164, with `;ext=` where there is an extension: behind one switchboard sit several people. */
export function normalisePhone(raw: string, country?: string | null): string | null {
  if (raw.length > 60) return null
  const known = country && isSupportedCountry(country) ? (country as CountryCode) : undefined
  const number = parsePhoneNumberFromString(raw.replace(/^tel:/i, ''), {
    ...(known && { defaultCountry: known }),
    extract: false,
  })
  if (!number?.isPossible()) return null
  return number.ext ? `${number.number};ext=${number.ext}` : number.number
}

/** PostgreSQL stores neither NUL nor half a surrogate pair: the one is dropped, the other becomes U+FFFD. */
export const storable = (text: string) => text.replaceAll('\u0000', '').toWellFormed()

// Values stand in a B-tree, whose rows hold 2.7 kB.
const longestValue = 320

const shorten = (text: string) =>
  text.length <= longestValue
    ? text
    : `${text.slice(0, 100).toWellFormed()}…${createHash('sha256').update(text).digest('hex')}`
