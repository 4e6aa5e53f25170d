import { createHmac } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BenchHouse } from './house.ts'
import type { Lines } from './http-lines.ts'

export type ApiChannel = { id: string; secret: string }
export type Webhook = { id: string; sender: string; text?: string }

/** An API channel with a clock on it long enough that it neither warns nor breaches during a run. */
export async function openApiChannel({ call, store }: BenchHouse): Promise<ApiChannel> {
  const { id } = await call<{ id: string }>('POST', '/channels', {
    kind: 'api',
    storeId: store.id,
    name: 'Shop',
    settings: {},
  })
  const { secret } = await call<{ secret: string }>('PUT', `/channels/${id}/secret`, {})
  await call('POST', '/clock-policies', {
    code: 'bench-first-response',
    names: { zh: '压测:8 小时内首次响应', en: 'Bench: first response in 8 h' },
    kind: 'first_response',
    channel: 'api',
    storeId: null,
    window: { value: 8, unit: 'hour' },
    calendar: 'always',
    warnAt: [0.5, 0.75, 0.9],
    source: 'bench',
    verifiedAt: '2026-01-01',
  })
  return { id, secret }
}

export const words = 'Hello, where is my order? The tracking has not moved since last Tuesday, please look.'

export const bodyOf = ({ id, sender, text = words }: Webhook) =>
  JSON.stringify({ id, from: { id: sender, name: `Customer ${sender}` }, text: `${text} ${id}` })

export async function post(lines: Lines, channel: ApiChannel, webhook: Webhook) {
  const body = bodyOf(webhook)
  const timestamp = String(Math.floor(Date.now() / 1_000))
  const signature = createHmac('sha256', channel.secret).update(`${timestamp}.${body}`).digest('hex')
  const answer = await lines.send(
    'POST',
    `/api/channels/${channel.id}/inbound`,
    {
      'content-type': 'application/json',
      'afar-timestamp': timestamp,
      'afar-signature': `v1=${signature}`,
    },
    body,
  )
  if (answer.status !== 202) throw new Error(`A webhook was answered ${answer.status} ${answer.body}`)
  return JSON.parse(answer.body).state as 'accepted' | 'repeated'
}

/** Until the ledger is empty and the reactions have caught up. */
export async function takenIn({ pool }: BenchHouse, maxMs = 60_000) {
  for (const until = Date.now() + maxMs; Date.now() < until; await sleep(20)) {
    const { rows } =
      await pool.query(`select exists (select from inbound where state = 'received') as waiting,
      (select coalesce(max(id), 0) from events) > (select coalesce(max(position), 0) from reaction_cursors where name = 'all') as behind`)
    if (!rows[0].waiting && !rows[0].behind) return
  }
  throw new Error('The server did not take in what it had accepted.')
}

/** What must hold after any load: each message once, numbered without gaps, one customer per sender, a clock each. */
export async function checkTakenIn({ pool }: BenchHouse, sent: number, senders: number) {
  const { rows } = await pool.query(`select
    (select count(*) from inbound where state = 'done') as done,
    (select count(*) from messages where kind = 'customer') as messages,
    (select count(distinct inbound_id) from messages) as "once",
    (select count(*) from identities where kind = 'external') as identities,
    (select count(*) from conversations) as conversations,
    (select count(*) from clocks where stopped_at is null) as clocks,
    (select count(*) from events where name = 'message.added') as events,
    (select count(*) from (select from messages group by conversation_id having max(seq) <> count(*)) as torn) as torn,
    (select count(*) from conversations c where last_seq <> (select count(*) from messages m where m.conversation_id = c.id)) as miscounted`)
  const found = rows[0] as Record<string, number>
  const wanted = {
    ...{ done: sent, messages: sent, once: sent, events: sent },
    ...{ identities: senders, conversations: senders, clocks: senders, torn: 0, miscounted: 0 },
  }
  const wrong = Object.entries(wanted).filter(([what, count]) => found[what] !== count)
  if (wrong.length > 0)
    throw new Error(
      `The data are wrong: ${wrong.map(([what, count]) => `${what} ${found[what]}, not ${count}`).join('; ')}`,
    )
}
