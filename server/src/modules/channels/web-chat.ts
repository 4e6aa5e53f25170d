import { z } from 'zod'
import { notFound } from '../../platform/errors.ts'
import { type Adapter, type ChannelFacts, type InboundMessage, ordinaryFiles } from './adapter.ts'

/** A source of frames as a Content-Security-Policy writes it; anything else could add a directive to ours. */
const Origin = z
  .string()
  .max(200)
  .toLowerCase()
  .regex(
    /^https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/,
    'Write an origin such as https://shop.example.',
  )

export const WebChatSettings = z.strictObject({
  greeting: z.string().trim().max(500).default(''),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i)
    .nullable()
    .default(null),
  position: z.enum(['start', 'end']).default('end'),
  /** While the store is closed the widget insists on a mail address; else nothing a customer writes is refused. */
  requireContactWhenClosed: z.boolean().default(false),
  /** The sites that may show the widget; none named, any site may. */
  allowedOrigins: z.array(Origin).max(50).default([]),
  /** Only visitors the shop vouches for may chat. */
  enforceIdentity: z.boolean().default(false),
  /** Days after resolution within which a new message reopens the conversation. */
  reopenDays: z.number().int().min(0).max(365).default(7),
})
export type WebChatSettings = z.output<typeof WebChatSettings>

/**
 * Visitors write to us and read from us directly: nothing comes by webhook and nothing is sent out. What is parsed is
 * what they wrote while they were blocked.
 */
export const webChat: Adapter = {
  kind: 'web_chat',
  settings: WebChatSettings,
  limits: { maxText: 10_000, maxAttachments: 5, maxAttachmentBytes: 10 * 1024 * 1024, accept: ordinaryFiles },
  verify: () => false,
  label: () => {
    throw notFound('channel')
  },
  parse,
}

/** What is kept of a blocked visitor's message, so that it can still be taken in. */
export const KeptMessage = z.object({
  clientId: z.uuid(),
  text: z.string(),
  attachmentIds: z.array(z.uuid()),
  identity: z.object({
    kind: z.enum(['visitor', 'user']),
    scope: z.string(),
    value: z.string(),
    verified: z.boolean(),
  }),
})

function parse({ raw }: { raw: Buffer }, channel: ChannelFacts): InboundMessage[] {
  const { data: kept } = KeptMessage.safeParse(JSON.parse(raw.toString('utf8')))
  if (!kept) return []
  const { clientId, text, identity, attachmentIds } = kept
  return [
    {
      ...{ channelId: channel.id, storeId: channel.storeId, externalId: clientId, clientId },
      ...{ identity, contact: {}, text, isVouchedFor: true },
      attachments: attachmentIds.map(fileId => ({ fileId })),
    },
  ]
}
