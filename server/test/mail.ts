import { createHash } from 'node:crypto'
import { acceptInbound } from '../src/modules/channels/accepting.ts'
import { createChannel } from '../src/modules/channels/channels.ts'
import type { Traffic } from '../src/modules/channels/tables.ts'
import type { TestApp } from './app.ts'
import { makeStore } from './make.ts'

export const ourAddress = 'help@shop.example'

export async function openMailChannel(app: TestApp, settings: Record<string, unknown> = {}) {
  const store = await makeStore(app)
  return app.act(ctx =>
    createChannel(ctx, {
      storeId: store.id,
      kind: 'mail',
      name: 'Help',
      settings: { address: ourAddress, ...settings },
    }),
  )
}

type Written = Partial<Record<'from' | 'to' | 'subject' | 'messageId' | 'text' | 'date', string>> & {
  headers?: Record<string, string>
  /** Instead of the text: a body with its content type. */
  body?: { type: string; content: string }
}

/** A mail as somebody's program writes it, without a Message-ID unless one is given. */
export function rawMail({
  from = 'Ana Lopes <ana@buyer.example>',
  to = ourAddress,
  subject = 'Where is my parcel?',
  messageId,
  text = 'Hello, where is my parcel?',
  date,
  headers = {},
  body,
}: Written = {}): Buffer {
  const lines = [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    ...(messageId ? [`Message-ID: <${messageId}>`] : []),
    ...(date ? [`Date: ${date}`] : []),
    'MIME-Version: 1.0',
    `Content-Type: ${body?.type ?? 'text/plain; charset=utf-8'}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    '',
    body?.content ?? text,
  ]
  return Buffer.from(lines.join('\r\n'))
}

/** Puts a mail into the ledger as the fetcher and the receiver do. */
export function mailIn(app: TestApp, channel: { id: string }, raw: Buffer, traffic: Traffic = 'mail') {
  const externalId = createHash('sha256').update(raw).digest('hex')
  const line = /^From: .*?([^\s<]+@[^\s>]+)/m.exec(raw.toString())?.[1] ?? ''
  return acceptInbound(app.place, channel, { externalId, line, raw, headers: {}, traffic })
}

export async function mailsIn(app: TestApp, channel: { id: string }, ...raws: Buffer[]) {
  for (const raw of raws) await mailIn(app, channel, raw)
  await app.settled()
}
