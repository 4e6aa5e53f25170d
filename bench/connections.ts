import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { hashToken, newToken } from '../server/src/platform/secrets.ts'
import type { Bench } from './bench.ts'
import { absolute, type Figure } from './figure.ts'
import { type BenchHouse, openHouse } from './house.ts'
import { residentBytes } from './server-process.ts'
import { openSockets } from './socket-crowd.ts'
import { quantile } from './statistics.ts'
import { openApiChannel, post, takenIn } from './webhooks.ts'

const consoles = 100

/** Visitors who have the widget open and say nothing; then colleagues who all hear of the same message. */
export async function connections({ quick, say }: Bench): Promise<Figure[]> {
  const house = await openHouse()
  try {
    const widgets = quick ? 500 : 2_000
    // The first hundred pay for what the server loads and grows once.
    const first = await openSockets(await visitorsOf(house, 100))
    await sleep(quick ? 2_000 : 10_000)
    const before = residentBytes(house.pid)
    const idle = await openSockets(await visitorsOf(house, widgets))
    await sleep(quick ? 2_000 : 20_000)
    const each = (residentBytes(house.pid) - before) / widgets / 1_000
    say(`${widgets} widgets on top of ${(before / 1e6).toFixed(0)} MB`)
    const spread = await fanOut(house, quick ? 20 : 100)
    await idle.close()
    await first.close()
    return [
      absolute(`${widgets} idle widget connections, each`, each, 'kB', { atMost: 40 }),
      absolute(`fan-out to ${consoles} consoles p99`, quantile(spread, 0.99), 'ms', { atMost: 100 }),
    ]
  } finally {
    await house.close()
  }
}

/** Straight into the tables: the door lets 120 strangers a minute in from one address. */
async function visitorsOf({ url, call, store, pool }: BenchHouse, count: number) {
  const { items } = await call<{ items: { id: string; kind: string }[] }>('GET', '/channels')
  const chat = items.find(({ kind }) => kind === 'web_chat')
  const channelId =
    chat?.id ??
    (
      await call<{ id: string }>('POST', '/channels', {
        kind: 'web_chat',
        storeId: store.id,
        name: 'Chat',
        settings: {},
      })
    ).id
  const people = Array.from({ length: count }, () => ({
    token: `afv_${newToken()}`,
    customer: randomUUID(),
    identity: randomUUID(),
  }))
  await pool.query(
    `with people as (select * from unnest($1::uuid[], $2::uuid[], $3::text[]) as people(customer, identity, hash)),
     c as (insert into customers (id, anonymous) select customer, true from people),
     i as (insert into identities (id, customer_id, original_customer_id, kind, scope, value, is_verified, display, source)
       select identity, customer, customer, 'visitor', $4, hash, false, '', 'web_chat' from people)
     insert into visitors (id, channel_id, identity_id, token_hash, verified, locale, last_seen_at, expires_at)
       select gen_random_uuid(), $4::uuid, identity, hash, false, 'en', now(), now() + interval '1 day' from people`,
    [
      people.map(p => p.customer),
      people.map(p => p.identity),
      people.map(p => hashToken(p.token)),
      channelId,
    ],
  )
  return { url, namespace: '/widget', clients: people.map(({ token }) => ({ token })) } as const
}

/** From the webhook's sending to each console's hearing of it. */
async function fanOut(house: BenchHouse, events: number) {
  const channel = await openApiChannel(house)
  const crowd = await openSockets({
    url: house.url,
    namespace: '/staff',
    clients: Array.from({ length: consoles }, () => ({ cookie: house.cookie })),
  })
  try {
    const took: number[] = []
    for (let n = -3; n < events; n++) {
      const sentAt = performance.timeOrigin + performance.now()
      await post(house.lines, channel, { id: `fan${n}`, sender: 'fan' })
      await takenIn(house)
      await sleep(150)
      const heard = await crowd.heard()
      if (heard.length !== consoles)
        throw new Error(`${heard.length} of ${consoles} consoles heard of a message.`)
      if (n >= 0) took.push(...heard.map(({ at }) => at - sentAt))
    }
    return took
  } finally {
    await crowd.close()
  }
}
