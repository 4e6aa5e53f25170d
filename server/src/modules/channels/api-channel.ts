import { z } from 'zod'
import { OutboundError } from '../../platform/outbound.ts'
import {
  type Adapter,
  type ChannelFacts,
  type InboundMessage,
  ordinaryFiles,
  type Sending,
  type SendingDoor,
  type SendResult,
} from './adapter.ts'
import { foreignKey, prose, readJson } from './json.ts'
import { marketplaces } from './marketplaces.ts'
import { isSigned, sign } from './signature.ts'

export const ApiSettings = z.strictObject({
  /** Where replies go; without it they are refused and stay readable here. */
  webhookUrl: z
    .url({ protocol: /^https?$/ })
    .max(2_000)
    .nullable()
    .default(null),
  timeoutSeconds: z.number().int().min(1).max(30).default(15),
  /** A fuse against a caller that went mad, far above what people write. */
  inboundPerSecond: z.number().int().min(1).max(50_000).default(10_000),
  /** Days after resolution within which a new message reopens the conversation. */
  reopenDays: z.number().int().min(0).max(365).default(7),
  /** For which marketplace an integration speaks here, and for which of its sites: its clocks then hold. */
  marketplace: z.enum(marketplaces).nullable().default(null),
  site: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .nullable()
    .default(null),
})
export type ApiSettings = z.output<typeof ApiSettings>

export const InboundBody = z
  .object({
    /** Unique among everything this channel ever sends: sent again it is the same message. */
    id: foreignKey,
    from: z.object({
      id: foreignKey,
      name: prose(200).optional(),
      email: prose(254).optional(),
      phone: prose(40).optional(),
      language: z
        .string()
        .regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/)
        .max(35)
        .optional(),
    }),
    text: prose(20_000).default(''),
    /** Uploaded before with an API key. Lower-case, as the database writes ids. */
    attachments: z
      .array(z.object({ fileId: z.uuid().toLowerCase() }))
      .max(10)
      .default([]),
    sentAt: z.iso.datetime({ offset: true }).optional(),
  })
  .refine(({ text, attachments }) => text.trim() !== '' || attachments.length > 0, 'Say or attach something.')

/** For a shop's own app or an integration: signed webhook in, signed webhook out. */
export const apiChannel: Adapter = {
  kind: 'api',
  settings: ApiSettings,
  limits: {
    maxText: 20_000,
    maxAttachments: 10,
    maxAttachmentBytes: 25 * 1024 * 1024,
    accept: ordinaryFiles,
  },
  verify: isSigned,
  label,
  parse,
  send,
  // Receivers must know deliveries by their id, so sending one again does no harm.
  isRepeatable: true,
}

function label(raw: Buffer) {
  const { id, from } = readJson(InboundBody, raw)
  return { externalId: id, line: from.id }
}

function parse({ raw }: { raw: Buffer }, channel: ChannelFacts): InboundMessage[] {
  const { id, from, text, attachments, sentAt } = readJson(InboundBody, raw)
  return [
    {
      channelId: channel.id,
      storeId: channel.storeId,
      externalId: id,
      identity: {
        kind: 'external',
        scope: channel.id,
        value: from.id,
        verified: true,
        ...(from.name && { display: from.name }),
      },
      contact: { ...(from.email && { email: from.email }), ...(from.phone && { phone: from.phone }) },
      ...(from.name && { name: from.name }),
      ...(from.language && { language: from.language }),
      text,
      attachments,
      ...(sentAt && { sentAt: new Date(sentAt) }),
    },
  ]
}

async function send(door: SendingDoor, channel: ChannelFacts, delivery: Sending): Promise<SendResult> {
  const settings = ApiSettings.parse(channel.settings)
  if (!settings.webhookUrl) return { outcome: 'refused', reason: 'webhook_missing' }
  const body = JSON.stringify(describe(delivery, door.url))
  try {
    const { status, headers } = await door.outbound.request({
      method: 'POST',
      url: settings.webhookUrl,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'afar-delivery-id': delivery.id,
        ...sign(body, door.secrets, door.now),
      },
      body,
      timeoutMs: settings.timeoutSeconds * 1_000,
      maxBytes: 64 * 1024,
    })
    return judge(status, headers['retry-after'], door.now)
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error
    // The status was said, only the rest of the answer, which nobody reads, did not come whole.
    if (error.status !== undefined) return judge(error.status, undefined, door.now)
    if (error.outcome === 'refused') return { outcome: 'refused', reason: error.code }
    return { outcome: 'later', reason: error.code }
  }
}

/** The same bytes at every attempt. */
const describe = (delivery: Sending, url: string) => ({
  id: delivery.id,
  type: 'message.sent',
  conversationId: delivery.conversationId,
  messageId: delivery.messageId,
  seq: delivery.payload.seq,
  to: { id: delivery.payload.to },
  text: delivery.payload.text,
  attachments: delivery.payload.attachments.map(({ fileId, name, type, size }) => ({
    id: fileId,
    name,
    type,
    size,
    url: `${url}/api/files/${fileId}`,
  })),
  sentAt: delivery.payload.sentAt,
})

function judge(status: number, retryAfter: string | undefined, now: Date): SendResult {
  if (status >= 200 && status < 300) return { outcome: 'done' }
  const isForGood = status >= 400 && status < 500 && status !== 408 && status !== 429
  if (isForGood) return { outcome: 'refused', reason: `status_${status}` }
  const pauseSeconds = readRetryAfter(retryAfter, now)
  return { outcome: 'later', reason: `status_${status}`, ...(pauseSeconds !== undefined && { pauseSeconds }) }
}

/** Seconds or a date (RFC 9110 §10.2.3); what is neither says nothing. */
function readRetryAfter(value: string | undefined, now: Date) {
  if (value === undefined) return undefined
  const seconds = /^\d{1,9}$/.test(value) ? Number(value) : (Date.parse(value) - now.getTime()) / 1_000
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, 0), 3_600) : undefined
}
