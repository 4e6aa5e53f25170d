import type { Ctx } from '../../../platform/context.ts'
import { cardFinding, type Mail } from '../../../platform/mail/mail.ts'
import type { Secrets } from '../../../platform/secrets.ts'
import type { InboundMessage } from '../../channels/adapter.ts'
import { adapterOf } from '../../channels/adapters.ts'
import { finishInbound, type InboundHead, ignoreBlocked, ignoreInbound } from '../../channels/ledger.ts'
import { readMailId } from '../../channels/mail/reply-token.ts'
import { MailSettings, ownAddresses } from '../../channels/mail/settings.ts'
import { scrubInbound } from '../../channels/scrubbing.ts'
import { lanes } from '../../channels/tables.ts'
import { resolveCustomers } from '../../customers/resolve.ts'
import { noteAlive } from '../../outreach/suppressions.ts'
import { type Incoming, lockSenders, receiveMessages } from '../incoming.ts'
import { channelsOf } from '../taking-in.ts'
import { keepMailFiles, keepMails } from './keeping.ts'
import { noteReport } from './reports.ts'
import { findMailThreads, type Letter } from './threading.ts'
import { findVerifiedEmails } from './writers.ts'

export type ReadMail = { item: InboundHead; mail: Mail }

type Channel = Awaited<ReturnType<typeof channelsOf>> extends Map<string, infer Row> ? Row : never
type Understood = ReadMail & Letter & { channel: Channel; settings: MailSettings; message: InboundMessage }

/**
 * Takes mails that have been read into conversations, reports of machines to what they report on, and says in the
 * ledger what became of each. Throws as a whole.
 */
export async function takeInMails(ctx: Ctx, secrets: Secrets, read: readonly ReadMail[]) {
  const accounts = await channelsOf(
    ctx,
    read.map(({ item }) => item),
  )
  const understood = read.map((one): Understood => {
    const channel = accounts.get(one.item.channelId)!
    const settings = MailSettings.parse(channel.settings)
    const [message] = adapterOf(channel.kind).parse({ raw: nothing, mail: one.mail }, channel)
    const ours = new Set(ownAddresses(settings))
    return { ...one, channelId: channel.id, channel, settings, ours, message: message! }
  })
  await scrubInbound(
    ctx,
    read.filter(({ mail }) => mail.findings.includes(cardFinding)).map(({ item }) => item.id),
  )
  const own = understood.filter(one => isOwnCopy(secrets, one))
  const reports = understood.filter(one => isReport(one.mail) && !own.includes(one))
  await placeLetters(
    ctx,
    secrets,
    understood.filter(one => !own.includes(one) && !reports.includes(one)),
  )
  for (const { item, mail } of own) await ignoreInbound(ctx, item.id, isTrial(mail) ? 'trial' : 'own_message')
  for (const { item, mail } of reports) await noteReport(ctx, secrets, { item, mail })
}

/** What we sent ourselves and met again in the mailbox, say as a copy to ourselves: it stands in its thread already. */
const isOwnCopy = (secrets: Secrets, { mail, ours }: Understood) =>
  mail.from !== null &&
  ours.has(mail.from.address) &&
  (isTrial(mail) || (mail.messageId !== null && readMailId(secrets, mail.messageId) !== null))

/** What a trial of the mailbox wrote to itself; see channels/mail/trying.ts. */
const isTrial = ({ findings }: Mail) => findings.includes('afar_trial')

/** A vacation notice is a message like others, only that nobody waits for an answer to it. */
const isReport = ({ report }: Mail) => report !== null && report.kind !== 'auto_reply'

async function placeLetters(ctx: Ctx, secrets: Secrets, came: readonly Understood[]) {
  if (came.length === 0) return
  const verified = await findVerifiedEmails(
    ctx,
    came.map(({ message }) => message.identity),
  )
  const people = await resolveCustomers(
    ctx,
    came.map(({ message, channel, mail }) => ({
      ...message.identity,
      verified: message.identity.verified || (isUndecided(mail) && verified.has(message.identity.value)),
      name: message.name,
      language: message.language,
      source: channel.kind,
    })),
  )
  const threads = await findMailThreads(ctx, secrets, came)
  const addressed = came.map((letter, n) => ({ ...letter, ...people[n]!, thread: threads[n]! }))
  const senders = await lockSenders(ctx, addressed)
  const { blocked = [], letters = [] } = Object.groupBy(addressed, ({ identityId }) =>
    senders.get(identityId)!.isBlocked ? 'blocked' : 'letters',
  )
  await ignoreBlocked(
    ctx,
    blocked.map(({ item, identityId }) => ({ id: item.id, identityId })),
  )
  if (letters.length === 0) return
  const attached = await keepMailFiles(ctx, letters)
  const incoming = letters.map((letter, n): Incoming => {
    const { item, mail, message, channel, settings, identityId, customerId, thread } = letter
    return {
      storeId: channel.storeId,
      channelId: channel.id,
      channelKind: channel.kind,
      identityId,
      customerId,
      text: message.text,
      attachments: attached[n]!.attachments,
      language: message.language ?? null,
      clientId: null,
      inboundId: item.id,
      reopenDays: settings.reopenDays,
      thread,
      subject: mail.subject.slice(0, longestSubject),
      teamId: settings.teamId,
      at: arrivalOf(ctx, letter),
      from: isHistory(item) ? 'history' : mail.automatic === 'auto_replied' ? 'robot' : 'person',
    }
  })
  const placed = await receiveMessages(ctx, incoming, senders)
  await keepMails(
    ctx,
    letters.map((letter, n) => ({
      ...letter,
      ...attached[n]!,
      placed: placed[n]!,
      threadedBy: letter.thread.by,
    })),
  )
  await noteAlive(
    ctx,
    letters.flatMap(({ mail }) => (mail.automatic === null && mail.from ? [mail.from.address] : [])),
    ctx.now,
  )
  await finishInbound(
    ctx,
    letters.map(({ item }, n) => ({ ...placed[n]!, id: item.id })),
  )
}

/** Whether the sender's domain vouches for him could not be found out: the name server was away. */
const isUndecided = ({ authentication: { dmarc } }: Mail) =>
  dmarc.result === 'temperror' || dmarc.result === 'unchecked'

const isHistory = ({ lane }: InboundHead) => (lanes.history as readonly number[]).includes(lane)

/**
 * When the merchant's server had it, for that is when the customer's waiting began. What says it comes from
 * tomorrow came now; and new mail that says it is older than a month had its clock wrong.
 */
function arrivalOf(ctx: Ctx, { item, mail }: Understood): Date {
  const said = mail.receivedAt ?? mail.date
  const oldest = isHistory(item) ? 0 : ctx.now.getTime() - 31 * day
  return said && said <= ctx.now && said.getTime() >= oldest ? said : ctx.now
}

/** A mail was read from its bytes before. */
const nothing = Buffer.alloc(0)
const day = 86_400_000
const longestSubject = 500
