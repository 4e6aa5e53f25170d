import { z } from 'zod'
import { notFound } from '../../platform/errors.ts'
import { type Adapter, ordinaryFiles } from './adapter.ts'

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

/** Visitors write to us and read from us directly: nothing comes by webhook and nothing is sent out. */
export const webChat: Adapter = {
  kind: 'web_chat',
  settings: WebChatSettings,
  limits: { maxText: 10_000, maxAttachments: 5, maxAttachmentBytes: 10 * 1024 * 1024, accept: ordinaryFiles },
  verify: () => false,
  label: () => {
    throw notFound('channel')
  },
  parse: () => [],
}
