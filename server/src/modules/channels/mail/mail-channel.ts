import { system } from '../../../platform/context.ts'
import { notFound } from '../../../platform/errors.ts'
import { getFile } from '../../../platform/files.ts'
import { type Mail, saidIn } from '../../../platform/mail/mail.ts'
import { lookingContext, type Workplace } from '../../../platform/work.ts'
import {
  type Adapter,
  type ChannelFacts,
  type InboundMessage,
  ordinaryFiles,
  type Sending,
  type SendingDoor,
  type SendResult,
} from '../adapter.ts'
import { readCredentials } from './credentials.ts'
import type { MailAccount } from './login.ts'
import { maskedBy } from './masked-addresses.ts'
import { composeMail, UnsafeMail } from './outgoing.ts'
import { sendMail } from './sending.ts'
import { MailSettings, ownAddresses } from './settings.ts'

/** Fetched or received by this channel's own workers, so nothing comes by webhook. */
export const mailChannel: Adapter = {
  kind: 'mail',
  settings: MailSettings,
  limits: {
    maxText: 200_000,
    maxAttachments: 20,
    maxAttachmentBytes: 20 * 1024 * 1024,
    accept: ordinaryFiles,
  },
  verify: () => false,
  label: () => {
    throw notFound('channel')
  },
  send,
  parse: ({ mail }, channel) => (mail ? [understand(mail, channel)] : []),
  isMail: true,
}

function understand(mail: Mail, channel: ChannelFacts): InboundMessage {
  const settings = MailSettings.parse(channel.settings)
  const writer = writerOf(mail, new Set(ownAddresses(settings)))
  const masked = writer ? maskedBy(writer.address) : null
  return {
    channelId: channel.id,
    storeId: channel.storeId,
    externalId: mail.sha256,
    identity: {
      kind: masked || !writer ? 'external' : 'email',
      scope: masked ?? (writer ? '' : channel.id),
      value: writer?.address ?? 'unknown sender',
      // A form vouches for nobody: who filled it in wrote any address he liked.
      verified: writer === mail.from && isVouchedFor(mail),
    },
    contact: {},
    ...(writer?.name && { name: writer.name }),
    ...(mail.language && { language: mail.language }),
    text: saidIn(mail.segments).slice(0, longestText),
    attachments: [],
    ...(mail.date && { sentAt: mail.date }),
    mail,
  }
}

/** Contact forms write from our own address and name the customer in Reply-To. */
function writerOf({ from, replyTo }: Mail, ours: ReadonlySet<string>) {
  const isOurs = from && ours.has(from.address)
  const asked = replyTo.find(({ address }) => !ours.has(address))
  return isOurs && asked ? asked : from
}

/** The domain of From answers for it: by DMARC, or where it publishes none, by a signature of its own. */
function isVouchedFor({ from, authentication: { dkim, dmarc } }: Mail) {
  const domain = from?.address.slice(from.address.lastIndexOf('@') + 1)
  return (
    dmarc.result === 'pass' ||
    (dmarc.result === 'none' && dkim.some(signed => signed.result === 'pass' && signed.domain === domain))
  )
}

const longestText = 200_000

async function send(door: SendingDoor, channel: ChannelFacts, delivery: Sending): Promise<SendResult> {
  const account = { id: channel.id, settings: MailSettings.parse(channel.settings) }
  try {
    const { envelope, open } = await composeDelivery(door.place, account, delivery)
    return await sendMail(door, account, { envelope, source: await open() })
  } catch (error) {
    if (error instanceof UnsafeMail) return { outcome: 'refused', reason: 'unsafe_mail' }
    throw error
  }
}

/** The mail of a delivery: the same one for who sends it and for who keeps a copy. */
export async function composeDelivery(place: Workplace, account: MailAccount, delivery: Sending) {
  const ctx = lookingContext(place, system)
  const { dkimPrivateKey } = await readCredentials(ctx, place.secrets, account.id)
  const openFile = async (id: string) => place.files.open((await getFile(ctx, id)).sha256)
  return composeMail({ signing: place.secrets, openFile, dkimPrivateKey }, account.settings, delivery)
}
