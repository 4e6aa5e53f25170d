import { createHash } from 'node:crypto'
import type net from 'node:net'
import type { SMTPServer, SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { system } from '../../../platform/context.ts'
import { Refusal } from '../../../platform/errors.ts'
import type { Listener, Ports } from '../../../platform/module.ts'
import { lookingContext, type Workplace } from '../../../platform/work.ts'
import { acceptInbound } from '../accepting.ts'
import { type Gate, openGate } from './connection-gate.ts'
import { readContent, TooLarge } from './incoming-content.ts'
import { findRecipients, type Recipient } from './recipients.ts'

const mostClients = 100
const mostRecipients = 50
/** The most a channel can be set to take. */
const mostBytes = 100_000_000
const silentMs = 120_000
const lastWordMs = 5_000

/**
 * Takes in what other servers forward, where the operator opened the port. It speaks only for our own addresses,
 * so there is nothing to relay; and it says 250 only when the mail is in the ledger of every mailbox it is for.
 * If that word is lost, the sender sends again, and the ledger knows the mail by its bytes.
 */
export async function startSmtpReceiver(place: Workplace, { smtp }: Ports): Promise<Listener | null> {
  if (!smtp) return null
  const { SMTPServer } = await import('smtp-server')
  const gate = openGate()
  const server = new SMTPServer({
    name: new URL(place.url).hostname,
    banner: 'Afar',
    size: mostBytes,
    maxClients: mostClients,
    maxRecipients: mostRecipients,
    socketTimeout: silentMs,
    closeTimeout: lastWordMs,
    // Nobody signs in here. Encryption is for whoever stands in front: there is no certificate of ours.
    authOptional: true,
    hideSTARTTLS: true,
    disabledCommands: ['AUTH', 'STARTTLS', 'XCLIENT', 'XFORWARD', 'VRFY', 'HELP', 'WIZ', 'SHELL', 'KILL'],
    // A name server that is slow must not keep the greeting waiting.
    disableReverseLookup: true,
    logger: false,
    onConnect: (session, answer) => answer(gate.enter(session.id, session.remoteAddress)),
    onClose: session => gate.leave(session.id),
    onMailFrom: (_from, session, answer) => settle(answer, mailFrom(place, session)),
    onRcptTo: ({ address }, session, answer) => settle(answer, rcptTo(place, session, address)),
    onData: (stream, session, answer) => settle(answer, data(place, gate, stream, session)),
  })
  server.on('error', error => place.log.warn({ err: error }, 'the SMTP receiver met an error'))
  await listen(server, smtp)
  return {
    port: (server.server.address() as net.AddressInfo).port,
    stop: () => new Promise<void>(done => server.close(() => done())),
  }
}

type Envelope = SMTPServerSession['envelope'] & { mailboxes?: Map<string, Recipient & { to: string[] }> }

async function mailFrom(place: Workplace, { envelope }: SMTPServerSession) {
  ;(envelope as Envelope).mailboxes = new Map()
  await place.disk.assertRoom()
}

async function rcptTo(place: Workplace, { envelope }: SMTPServerSession, address: string) {
  const mailboxes = mailboxesOf(envelope)
  const found = await findRecipients(lookingContext(place, system), address)
  if (found.length === 0) throw new Reply(550, '5.1.1 No such mailbox here')
  const declared = declaredSize(envelope)
  for (const recipient of found) {
    if (declared > recipient.maxBytes)
      throw new Reply(552, '5.3.4 This mail is larger than the mailbox takes')
    const known = mailboxes.get(recipient.id)
    mailboxes.set(recipient.id, { ...recipient, to: [...(known?.to ?? []), address] })
  }
}

async function data(place: Workplace, gate: Gate, stream: SMTPServerDataStream, session: SMTPServerSession) {
  const mailboxes = [...mailboxesOf(session.envelope).values()]
  try {
    gate.spend(session.remoteAddress)
    await place.disk.assertRoom()
    const maxBytes = Math.min(...mailboxes.map(mailbox => mailbox.maxBytes))
    const { line, ...content } = await readContent(place.files, stream, maxBytes)
    const arrivals = mailboxes.map(mailbox =>
      acceptInbound(place, mailbox, {
        externalId: content.rawFile?.sha256 ?? createHash('sha256').update(content.raw).digest('hex'),
        line,
        ...content,
        headers: factsOf(session, mailbox.to),
        traffic: 'mail',
      }),
    )
    await Promise.all(arrivals)
    return `OK: kept for ${mailboxes.length === 1 ? 'one mailbox' : `${mailboxes.length} mailboxes`}`
  } finally {
    // Whatever became of it, the rest must be read before the answer is heard.
    stream.resume()
  }
}

const mailboxesOf = (envelope: SMTPServerSession['envelope']) => {
  const kept = envelope as Envelope
  kept.mailboxes ??= new Map()
  return kept.mailboxes
}

/** Zero where the client said nothing. */
function declaredSize({ mailFrom }: SMTPServerSession['envelope']) {
  const said = mailFrom ? mailFrom.args : false
  return Number(said ? said.SIZE : 0) || 0
}

/** What only the conversation between the servers tells, for whoever judges the mail later. */
function factsOf({ envelope, remoteAddress, hostNameAppearsAs }: SMTPServerSession, to: readonly string[]) {
  const facts = {
    'received-by': 'smtp',
    'envelope-from': envelope.mailFrom ? envelope.mailFrom.address : '',
    'envelope-to': to.join(','),
    'client-ip': remoteAddress,
    helo: String(hostNameAppearsAs || ''),
  }
  return Object.fromEntries(
    Object.entries(facts).map(([name, value]) => [name, value.replaceAll('\u0000', '').slice(0, 1_000)]),
  )
}

class Reply extends Error {
  readonly responseCode: number

  constructor(responseCode: number, message: string) {
    super(message)
    this.responseCode = responseCode
  }
}

function settle(answer: (error?: Error | null, message?: string) => void, work: Promise<string | void>) {
  work.then(
    message => answer(null, message ?? undefined),
    error => answer(replyFor(error)),
  )
}

/** What may work later is 4xx, so that the sender keeps the mail and tries again. */
function replyFor(error: unknown): Error {
  if (error instanceof Reply || (error as { responseCode?: number }).responseCode) return error as Error
  if (error instanceof TooLarge || (error instanceof Refusal && error.code === 'file_too_large'))
    return new Reply(552, '5.3.4 This mail is larger than the mailbox takes')
  if (error instanceof Refusal && error.code === 'disk_full')
    return new Reply(452, '4.3.1 There is no room left; try again later')
  return new Reply(451, '4.3.0 This cannot be kept just now; try again later')
}

function listen(server: SMTPServer, { port, host }: { port: number; host: string }) {
  return new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, host, () => {
      server.server.off('error', reject)
      resolve()
    })
  })
}
