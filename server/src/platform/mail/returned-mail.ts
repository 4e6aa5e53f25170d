import { contains, type Evidence, replyCodeIn, statusIn } from './bounce-reasons.ts'
import {
  bounceSentences,
  bounceSubjects,
  daemonNames,
  daemonTitles,
  postmasterNames,
  robotNames,
} from './bounce-signs.ts'
import { addressIn } from './delivery-status.ts'
import { headerOf } from './headers.ts'
import type { Letter } from './mail.ts'

/**
 * Whether a mail without a delivery status is a bounce all the same. It must come from a machine and say what
 * bounces say: a customer who quotes one, or writes "undeliverable, user unknown", is no machine. A postmaster may
 * be a person, so there a server's reply or the returned mail must be in it too.
 */
export function isReturnedMail({ headers, parts }: Letter, prose: string, original: string) {
  const from = (headerOf(headers, 'from') ?? '').toLowerCase()
  const subject = (headerOf(headers, 'subject') ?? '').toLowerCase()
  const returnPath = headerOf(headers, 'return-path')?.trim().toLowerCase() ?? ''
  const text = prose.toLowerCase()
  const isTold = bounceSentences.some(phrase => text.includes(phrase))
  if (!isTold && !bounceSubjects.some(phrase => subject.includes(phrase))) return false
  const sender = senderName(from)
  if (daemonNames.includes(sender) || from.trim() === '<>' || /^<?mailer-daemon/.test(returnPath)) return true
  const returns =
    original !== '' || parts.some(({ type }) => type === 'message/rfc822' || type === 'text/rfc822-headers')
  const hasProof = returns || replyCodeIn(text) !== null
  if (
    daemonTitles.some(title =>
      from
        .replace(/["\s]+/g, ' ')
        .trim()
        .startsWith(title),
    )
  )
    return hasProof
  const isPostmaster = postmasterNames.includes(sender)
  if (isPostmaster && headerOf(headers, 'in-reply-to') !== null) return beginsWithReply(text)
  if (isPostmaster || /^<\s*>/.test(returnPath)) return hasProof
  // A parcel service's "could not be delivered" returns no mail and has no status.
  const isRobot = robotNames.includes(sender) || headerOf(headers, 'x-mlserver') !== null
  return isRobot && isTold && (returns || statusIn(text) !== null)
}

function senderName(from: string) {
  const address = addressIn(from)
  if (address) return address.slice(0, address.indexOf('@'))
  return /([^\s<>"'(),;:@]+)(?:@|\s|>|$)/.exec(from.slice(from.lastIndexOf('<') + 1, 1_000))?.[1] ?? ''
}

/** Some servers send it as an answer to the mail they could not deliver; a person would begin with words. */
const beginsWithReply = (text: string) =>
  !text.includes('\n>') && text.split('\n', 14).some(line => /^[45][0-5]\d[- ]/.test(line.trim()))

/** Whom it says was not reached, each with what is said about them. */
export function recipientsIn({ headers }: Letter, prose: string, originalTo: string | null): Evidence[] {
  const own = addressIn(headerOf(headers, 'to') ?? '')
  const failed = headerOf(headers, 'x-failed-recipients')
  const lines = prose.split(/\r?\n/)
  const places = placesOf(lines, own)
  const named = failed
    ? [...new Set(failed.split(/[,\s]+/).map(addressIn))].filter(address => address !== null)
    : []
  if (named.length > 0) {
    return named
      .slice(0, mostRecipients)
      .map(address => evidenceOf(address, named.length > 1 ? aroundOf(lines, places, address) : prose))
  }
  if (places.length > 1) {
    return places
      .slice(0, mostRecipients)
      .map(({ address }) => evidenceOf(address, aroundOf(lines, places, address)))
  }
  return [evidenceOf(places[0]?.address ?? mentioned(lines, own) ?? originalTo, prose)]
}

type Place = { address: string; at: number }

/** Lines that begin with an address, as lists of recipients do: `<a@b>:`, `a@b on Thu`, `* a@b`, `a@b... Deferred`. */
function placesOf(lines: string[], own: string | null): Place[] {
  const places: Place[] = []
  for (const [at, line] of lines.slice(0, 2_000).entries()) {
    if (line.length > 500) continue
    const found =
      /^[\s*•-]{0,20}(?:[45]\d\d )?[<"']{0,2}([^\s<>"':;,()[\]@]{1,128}@[^\s<>"':;,()[\]]{1,255})[>"']{0,2}(?=$|[\s:;,([.])/.exec(
        line,
      )
    const address = found && addressIn(found[1])
    if (!address || (address === own && lines.length > 3) || places.some(place => place.address === address))
      continue
    places.push({ address, at })
  }
  return places
}

function aroundOf(lines: string[], places: Place[], address: string) {
  const place = places.find(other => other.address === address)
  if (!place) return lines.join('\n')
  const next = places.find(other => other.at > place.at)
  return lines.slice(place.at, next?.at).join('\n')
}

/** An address named in passing, not by one who is to be asked and not the sender's. */
function mentioned(lines: string[], own: string | null) {
  for (const line of lines.slice(0, 2_000)) {
    const lower = line.slice(0, 1_000).toLowerCase()
    if (
      ['mail from', 'contact', 'support', 'postmaster', 'sender', 'message from'].some(word =>
        contains(lower, word),
      )
    )
      continue
    const address = addressIn(line.slice(0, 1_000))
    if (address && address !== own) return address
  }
  return null
}

const evidenceOf = (address: string | null, prose: string): Evidence => ({
  address,
  action: null,
  status: null,
  diagnostic: replyIn(prose),
  prose,
})

/** The lines from a server's reply to the end of its paragraph. */
function replyIn(prose: string) {
  const lines = prose.split(/\r?\n/)
  const answered = lines.findIndex(line => /^\s{0,20}(?:<<<|Out:) ?[45]\d\d/.test(line))
  const first =
    answered >= 0
      ? answered
      : lines.findIndex(line => replyCodeIn(line.toLowerCase().slice(0, 1_000).trim()) !== null)
  if (first < 0) return null
  const reply = lines[first]!.slice(0, 1_000)
  const start = answered >= 0 ? reply : reply.slice(startOfReply(reply))
  const rest = lines.slice(first + 1, first + 12)
  const end = rest.findIndex(line => line.trim() === '' || line.startsWith('>>>') || line.startsWith('--'))
  return [start, ...(answered >= 0 ? [] : rest.slice(0, end < 0 ? undefined : end))].join('\n').trim()
}

const startOfReply = (line: string) => Math.max(0, line.search(/[45][0-5]\d[- :#]/))

const mostRecipients = 100
