import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { client } from '../house.ts'

/** Something a sender wants stored once: what it is, and whether it was ever acknowledged. */
export type Intent = { nonce: string; sender: string; n: number; acked: boolean }

type Sender = { name: string; pending: Intent[]; send: (intent: Intent) => Promise<void> }

export type ApiChannel = { id: string; secret: string }

/**
 * Customers who write whatever happens to the server: each says his lines in order and repeats a line until it
 * is acknowledged, as a phone or a provider would. It keeps its own book, the oracle of the checks.
 */
export function startDriver(
  url: string,
  {
    storeKey,
    channel,
    webhooks,
    visitors,
    everyMs,
  }: { storeKey: string; channel: ApiChannel; webhooks: number; visitors: number; everyMs: number },
) {
  const book: Intent[] = []
  const tokens = new Map<string, string>()
  let speaking = true
  let stopped = false

  const senders: Sender[] = [
    ...Array.from({ length: webhooks }, (_, n) =>
      webhookSender(url, channel, `w${n}-${randomUUID().slice(0, 8)}`),
    ),
    ...Array.from({ length: visitors }, (_, n) =>
      widgetSender(url, storeKey, `v${n}-${randomUUID().slice(0, 8)}`, tokens),
    ),
  ]
  const running = senders.map(async sender => {
    for (let n = 0; !stopped; ) {
      if (speaking && sender.pending.length === 0) {
        const intent = { nonce: `${sender.name}:${n++}`, sender: sender.name, n, acked: false }
        book.push(intent)
        sender.pending.push(intent)
      }
      const [intent] = sender.pending
      if (intent) {
        await sender.send(intent).then(
          () => {
            intent.acked = true
            sender.pending.shift()
          },
          () => sleep(50),
        )
      }
      await sleep(everyMs * (0.5 + Math.random()))
    }
  })

  return {
    book,
    tokens,
    /** Nothing new is said; what is not acknowledged yet is repeated until it is. */
    async drain(maxMs: number) {
      speaking = false
      const until = Date.now() + maxMs
      while (senders.some(sender => sender.pending.length > 0) && Date.now() < until) await sleep(20)
      stopped = true
      await Promise.all(running)
      return senders.every(sender => sender.pending.length === 0)
    },
  }
}

function webhookSender(url: string, channel: ApiChannel, name: string): Sender {
  return {
    name,
    pending: [],
    async send({ nonce }) {
      const body = JSON.stringify({ id: nonce, from: { id: name, name }, text: nonce })
      const timestamp = String(Math.floor(Date.now() / 1_000))
      const signature = createHmac('sha256', channel.secret).update(`${timestamp}.${body}`).digest('hex')
      const answer = await fetch(`${url}/api/channels/${channel.id}/inbound`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'afar-timestamp': timestamp,
          'afar-signature': `v1=${signature}`,
        },
        body,
        signal: AbortSignal.timeout(5_000),
      })
      if (!answer.ok) throw new Error(String(answer.status))
    },
  }
}

function widgetSender(url: string, storeKey: string, name: string, tokens: Map<string, string>): Sender {
  const ids = new Map<string, string>()
  return {
    name,
    pending: [],
    async send({ nonce }) {
      let token = tokens.get(name)
      if (!token) {
        token = (
          await client(url)<{ token: string }>('POST', '/widget/session', { store: storeKey, locale: 'en' })
        ).token
        tokens.set(name, token)
      }
      if (!ids.has(nonce)) ids.set(nonce, randomUUID())
      await client(url, { authorization: `Bearer ${token}` })('POST', '/widget/messages', {
        clientId: ids.get(nonce),
        text: nonce,
      })
    },
  }
}
