import { createReadStream } from 'node:fs'
import fs from 'node:fs/promises'
import { dkimVerify } from 'mailauth/lib/dkim/verify.js'
import { dmarc } from 'mailauth/lib/dmarc/index.js'
import { spf } from 'mailauth/lib/spf/index.js'
import { readAddresses } from './addresses.ts'
import {
  authenticationFailed,
  readAuthenticationResults,
  resultNamed,
  unchecked,
} from './authentication-results.ts'
import { headersOf, readHeaders } from './headers.ts'
import type { Authentication, AuthenticationResult, Header } from './mail.ts'

/** As node:dns/promises `resolve`: fails with the codes ENOTFOUND and ENODATA where there is no such record. */
export type Resolver = (name: string, type: string) => Promise<unknown>

/** Who brought the mail, where it came to our own receiver: without `clientIp` SPF cannot be checked. */
export type Envelope = { clientIp?: string; helo?: string; mailFrom?: string }

export type AuthenticationDoor = Envelope & {
  /** Absent, nothing is looked up, and what needs it stays unchecked. */
  resolver?: Resolver | undefined
  trustedServers?: readonly string[]
  /** For all look-ups together; 5 s unless told. */
  budgetMs?: number
}

/**
 * Whether a mail comes from where it says: SPF, DKIM and DMARC. A mail that was fetched carries its receiving
 * server's word, which counts where that server is trusted; else its signatures are checked here. Never
 * fails: what could not be found out in time is `temperror`.
 */
export async function authenticate(
  raw: Buffer | { path: string },
  { clientIp, helo = '', mailFrom = '', resolver, trustedServers = [], budgetMs = 5_000 }: AuthenticationDoor,
): Promise<Authentication> {
  const head = await headOf(raw)
  const headers = readHeaders(head.bytes).headers
  const trusted = clientIp ? null : readAuthenticationResults(headers, trustedServers)
  if (trusted) return trusted
  if (!resolver) return unchecked
  if (head.isEndless || isHostile(headers)) return authenticationFailed('permerror')
  const limited = limitLookups(resolver, budgetMs)
  try {
    const source = Buffer.isBuffer(raw) ? raw : createReadStream(raw.path)
    // Without a sender it would read Return-Path, which here is a header like any other.
    const signed = await dkimVerify(source, { resolver: limited, sender: mailFrom || '<>' })
    const sent = clientIp
      ? await spf({ sender: mailFrom, ip: clientIp, helo, mta: 'afar', resolver: limited })
      : null
    const aligned = await judge(headers, signed.results, sent, limited)
    return {
      spf: { result: sent ? resultNamed(sent.status.result) : 'unchecked', domain: sent?.domain ?? null },
      dkim: signed.results.map(({ status, signingDomain }) => ({
        result: dkimResult(status),
        domain: signingDomain?.toLowerCase() ?? null,
      })),
      dmarc: aligned,
      by: 'afar',
    }
  } catch {
    return authenticationFailed('temperror')
  } finally {
    limited.stop()
  }
}

type Signed = Awaited<ReturnType<typeof dkimVerify>>['results']
type Sent = Awaited<ReturnType<typeof spf>>

/** DMARC (RFC 7489) is of the one address in From; several or none have no policy to pass. */
async function judge(
  headers: Header[],
  signed: Signed,
  sent: Sent | null,
  resolver: Resolver,
): Promise<Authentication['dmarc']> {
  const from = headersOf(headers, 'from').flatMap(({ raw }) =>
    readAddresses(raw).map(({ address }) => address),
  )
  const passed = signed.filter(({ status }) => status.result === 'pass')
  const found = await dmarc({
    headerFrom: from,
    spfDomains: sent?.status.result === 'pass' ? [sent.domain] : [],
    dkimDomains: passed.map(({ id, signingDomain, status }) => ({
      ...(id !== undefined && { id }),
      ...(signingDomain !== undefined && { domain: signingDomain }),
      ...(status.aligned !== undefined && { aligned: status.aligned }),
      ...(status.underSized !== undefined && { underSized: status.underSized }),
    })),
    resolver,
  })
  if (!found) return { result: 'permerror', domain: null, policy: null }
  const result = resultNamed(found.status.result)
  const isKnown = result === 'fail' && sent === null ? 'unchecked' : result
  return { result: isKnown, domain: found.domain, policy: found.policy?.toLowerCase() ?? null }
}

/** A hash or an age that does not fit is a failure (RFC 6376, 6.1.3), which mailauth calls neutral. */
function dkimResult({ result, comment }: Signed[number]['status']): AuthenticationResult {
  if (result === 'neutral' && comment) {
    if (/body hash|expired/.test(comment)) return 'fail'
    if (/no key|key value|key version|key type/.test(comment)) return 'permerror'
  }
  return resultNamed(result)
}

const mostHeadBytes = 256 * 1024

async function headOf(raw: Buffer | { path: string }) {
  const start = Buffer.isBuffer(raw) ? raw.subarray(0, mostHeadBytes) : await readStart(raw.path)
  const ends = ['\r\n\r\n', '\n\n'].map(end => start.indexOf(end)).filter(end => end >= 0)
  const end = ends.length > 0 ? Math.min(...ends) : start.length
  return { bytes: start.subarray(0, end), isEndless: end === mostHeadBytes }
}

async function readStart(path: string) {
  const file = await fs.open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(mostHeadBytes), 0, mostHeadBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/**
 * What mailauth should not be given: its address parser (nodemailer 7.0.6) recurses into groups without end,
 * and each signature costs a look-up at a name of the sender's choice.
 */
function isHostile(headers: Header[]) {
  const ofPeople = headers.filter(({ name }) => /^(from|return-path)$/i.test(name))
  const signatures = headers.filter(({ name }) => /^(dkim-signature|arc-)/i.test(name))
  return (
    ofPeople.length > 4 ||
    ofPeople.some(
      ({ raw }) => raw.length > 4_000 || raw.split(':').length > 10 || raw.split('(').length > 50,
    ) ||
    signatures.length > 40 ||
    headersOf(headers, 'dkim-signature').length > 10
  )
}

const mostLookups = 60

function limitLookups(resolver: Resolver, budgetMs: number) {
  const late = Object.assign(new Error('The time for look-ups was up.'), { code: 'ETIMEOUT' })
  let lookups = 0
  let stop = () => {}
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(() => reject(late), budgetMs)
    stop = () => clearTimeout(timer)
  })
  ended.catch(() => {})
  const limited = (name: string, type: string) => {
    lookups += 1
    return lookups > mostLookups ? Promise.reject(late) : Promise.race([resolver(name, type), ended])
  }
  return Object.assign(limited, { stop: () => stop() })
}
