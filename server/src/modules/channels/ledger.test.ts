import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Ctx } from '../../platform/context.ts'
import { acceptInbound } from './accepting.ts'
import { inboundHealth, inboundMeasures } from './health.ts'
import {
  claimInbound,
  failInbound,
  finishInbound,
  ignoreInbound,
  laneOf,
  parkInbound,
  waitingLanes,
} from './ledger.ts'
import { channelsModule } from './module.ts'
import { openTestPlace } from './test-place.ts'

const app = await openTestPlace([channelsModule])
await app.place.pool.query(
  'create table taken (n bigint generated always as identity, channel_id uuid, external_id text)',
)
const manage = app.as(['channels:manage', 'customers:contact-details'])

describe('accepting', () => {
  test('a recorded day, each item one to five times, in any order and nearly at once, keeps each once and takes each in once', async () => {
    const day = Array.from({ length: 40 }, (_, n) => ({ externalId: `m-${n}`, line: `customer-${n % 7}` }))
    const deliveries = fc
      .tuple(
        ...day.map(item =>
          fc.integer({ min: 1, max: 5 }).map(times => Array.from({ length: times }, () => item)),
        ),
      )
      .chain(all => fc.shuffledSubarray(all.flat(), { minLength: all.flat().length }))
    await fc.assert(
      fc.asyncProperty(deliveries, async items => {
        const channel = await app.makeChannel('api')
        const answers = await Promise.all(
          items.map(async ({ externalId, line }, n) => {
            await sleep(n % 5)
            return accept(channel, externalId, line)
          }),
        )
        await Promise.all([1, 2, 3].map(() => takeAllIn(channel)))
        const took = (await takenOf(channel)).map(item => item.externalId)
        expect(answers.filter(answer => answer === 'new')).toHaveLength(day.length)
        expect(took.toSorted()).toEqual(day.map(item => item.externalId).toSorted())
        expect(await states(channel)).toEqual({ done: day.length })
      }),
      { numRuns: 25 },
    )
  }, 60_000)

  test('keeps the order of each line, whatever else comes in between', async () => {
    const channel = await app.makeChannel('api')
    const sent = Array.from({ length: 200 }, (_, n) => ({ id: String(n), line: `line-${n % 5}` }))
    await Promise.all(sent.map(({ id, line }) => accept(channel, id, line)))
    await Promise.all([1, 2, 3].map(() => takeAllIn(channel)))
    for (const [line, items] of Map.groupBy(await takenOf(channel), item => item.line))
      expect(items.map(item => item.externalId)).toEqual(
        sent.filter(item => item.line === line).map(item => item.id),
      )
  })

  test('one item that cannot be stored does not take others along', async () => {
    const channel = await app.makeChannel('api')
    const answers = await Promise.allSettled([
      accept(channel, 'good-1'),
      accept(channel, 'bad\u0000'),
      accept(channel, 'good-2'),
    ])
    expect(answers.map(answer => answer.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(await states(channel)).toEqual({ received: 2 })
  })

  test('refuses at once when more waits than memory should hold', async () => {
    const channel = await app.makeChannel('api')
    const raw = Buffer.alloc(1024 * 1024, 'x')
    const answers = await Promise.allSettled(
      Array.from({ length: 66 }, (_, n) =>
        acceptInbound(app.place, channel, { externalId: `m-${n}`, line: 'l', raw, headers: {} }),
      ),
    )
    const refused = answers.filter(answer => answer.status === 'rejected')
    expect(refused).toHaveLength(2)
    expect(refused[0]!.reason).toMatchObject({ status: 503, code: 'overloaded' })
    expect(await states(channel)).toEqual({ received: 64 })
  }, 60_000)
})

describe('a lane', () => {
  test('belongs to one claimer until his transaction ends', async () => {
    const channel = await app.makeChannel('api')
    await accept(channel, 'm-1')
    await app.act(async mine => {
      const lane = await laneWith(mine, channel)
      expect(await claimInbound(mine, lane, 10)).not.toEqual([])
      expect(await app.act(other => claimInbound(other, lane, 10))).toEqual([])
    })
    await takeAllIn(channel)
  })

  test('is stable for a line', () => {
    expect(['customer-1', 'customer-4', '客户', ''].map(line => laneOf(line))).toEqual([1, 0, 1, 0])
    expect([laneOf('customer-1', 'mail'), laneOf('customer-1', 'history')]).toEqual([2, 3])
  })

  test('an item is not finished twice', async () => {
    const channel = await app.makeChannel('api')
    await accept(channel, 'm-1')
    const {
      items: [item],
    } = (await manage('GET', `/inbound?channelId=${channel.id}`)).body
    await app.act(ctx => finishInbound(ctx, [finished(item)]))
    await expect(app.act(ctx => finishInbound(ctx, [finished(item)]))).rejects.toThrow('finished twice')
  })
})

describe('a poison item', () => {
  test('is tried five times and parked, its line waits for it and goes on, other lines never wait', async () => {
    const channel = await app.makeChannel('api')
    await accept(channel, 'before', 'bad')
    await accept(channel, 'poison', 'bad')
    await accept(channel, 'behind', 'bad')
    const others = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'].map(line =>
      accept(channel, `of ${line}`, line),
    )
    await Promise.all(others)
    const failures: number[] = []
    const taken = async () => (await takenOf(channel)).map(item => item.externalId)
    for (let second = 0; second < 40; second++) {
      await takeAllIn(channel, () => failures.push(second))
      if (second === 0) expect(await taken()).toHaveLength(11)
      if (second === 29) expect(await taken()).not.toContain('behind')
      app.advance(1)
    }
    expect(failures).toEqual([0, 2, 6, 14, 30])
    expect(await taken()).toContain('behind')
    expect(await states(channel)).toEqual({ done: 12, parked: 1 })
    const { items } = (await manage('GET', `/inbound?channelId=${channel.id}&state=parked`)).body
    expect(items).toMatchObject([
      { externalId: 'poison', attempts: 5, reason: 'Error: cannot be understood' },
    ])
  })

  test('tells those who may see the store when it is parked', async () => {
    const channel = await app.makeChannel('api')
    const id = await park(channel, 'm-1')
    const { rows } = await app.place.pool.query(
      "select payload from events where name = 'inbound.parked' order by id desc limit 1",
    )
    expect(rows[0].payload).toEqual({ inboundId: id, channelId: channel.id, storeId: channel.storeId })
  })
})

describe('what was set aside', () => {
  test('can be looked at as it came', async () => {
    const channel = await app.makeChannel('api')
    const id = await park(channel, 'm-1', Buffer.from([0x7b, 0xff, 0x7d]))
    const { body } = await manage('GET', `/inbound/${id}`)
    expect(body).toMatchObject({ id, state: 'parked', reason: 'because', raw: '{\ufffd}', rawBytes: 3 })
    const masked = await app.as(['channels:manage'])('GET', `/inbound/${id}`)
    expect(masked.body.raw).toBe('{•••')
  })

  test('is taken in again at its place, and can be tried only while it is set aside', async () => {
    const channel = await app.makeChannel('api')
    const id = await park(channel, 'm-1')
    expect(await manage('PUT', `/inbound/${id}/retry`)).toMatchObject({
      status: 200,
      body: { state: 'received', attempts: 0, reason: null },
    })
    expect(await manage('PUT', `/inbound/${id}/retry`)).toMatchObject({
      status: 409,
      body: { error: { code: 'inbound_not_set_aside' } },
    })
    await takeAllIn(channel)
    expect(await states(channel)).toEqual({ done: 1 })
    expect(await manage('PUT', `/inbound/${id}/retry`)).toMatchObject({ status: 409 })
  })

  test('as ignored keeps its reason', async () => {
    const channel = await app.makeChannel('api')
    await accept(channel, 'm-1')
    const {
      items: [item],
    } = (await manage('GET', `/inbound?channelId=${channel.id}`)).body
    await app.act(ctx => ignoreInbound(ctx, item.id, 'nothing_said'))
    const { items } = (await manage('GET', `/inbound?channelId=${channel.id}&state=ignored`)).body
    expect(items).toMatchObject([{ externalId: 'm-1', reason: 'nothing_said' }])
  })

  test('of a store one may not see is not there', async () => {
    const channel = await app.makeChannel('api')
    const id = await park(channel, 'm-1')
    const stranger = app.as(['channels:manage'], [crypto.randomUUID()])
    expect((await stranger('GET', `/inbound?channelId=${channel.id}`)).body.items).toEqual([])
    expect(await stranger('GET', `/inbound/${id}`)).toMatchObject({ status: 404 })
    expect(await stranger('PUT', `/inbound/${id}/retry`)).toMatchObject({ status: 404 })
    expect(await states(channel)).toEqual({ parked: 1 })
  })
})

test('the list goes on where a page ended, newest first', async () => {
  const channel = await app.makeChannel('api')
  for (const id of ['1', '2', '3', '4', '5']) await accept(channel, id)
  const page = async (cursor?: string) =>
    (await manage('GET', `/inbound?channelId=${channel.id}&limit=2${cursor ? `&cursor=${cursor}` : ''}`)).body
  const first = await page()
  const second = await page(first.next)
  const third = await page(second.next)
  const ids = [first, second, third].flatMap(({ items }) =>
    items.map((item: { externalId: string }) => item.externalId),
  )
  expect(ids).toEqual(['5', '4', '3', '2', '1'])
  expect(third.next).toBeNull()
  expect(await manage('GET', '/inbound?cursor=nonsense')).toMatchObject({
    status: 422,
    body: { error: { code: 'invalid_cursor' } },
  })
})

test('the measures say of each channel how many wait and how long', async () => {
  const channel = await app.makeChannel('api')
  await accept(channel, 'm-1')
  const read = async (name: string) => {
    const all = await inboundMeasures.find(measure => measure.name === name)!.read(app.place.pool)
    return all.find(reading => reading.labels?.channel === channel.id)?.value
  }
  expect(await read('afar_inbound_waiting')).toBe(1)
  expect(await read('afar_inbound_parked')).toBe(0)
  await app.place.pool.query(
    "update inbound set received_at = now() - interval '1 hour' where channel_id = $1",
    [channel.id],
  )
  expect(await read('afar_inbound_oldest_seconds')).toBeCloseTo(3_600, -1)
})

test('the age of the oldest waiting item and the parked ones are known for each channel', async () => {
  const channel = await app.makeChannel('api')
  await park(channel, 'parked')
  await accept(channel, 'old')
  app.advance(90)
  await accept(channel, 'young')
  const health = await app.act(inboundHealth)
  expect(health.find(row => row.channelId === channel.id)).toEqual({
    channelId: channel.id,
    waiting: 2,
    parked: 1,
    oldestAgeSeconds: 90,
  })
})

type Channel = { id: string; storeId: string }

const accept = (channel: Channel, externalId: string, line = 'ana', raw: Buffer = Buffer.from('{}')) =>
  acceptInbound(app.place, channel, { externalId, line, raw, headers: {} })

async function park(channel: Channel, externalId: string, raw?: Buffer): Promise<number> {
  await accept(channel, externalId, 'ana', raw)
  const { rows } = await app.place.pool.query<{ id: number }>(
    'select max(id) as id from inbound where channel_id = $1',
    [channel.id],
  )
  const [{ id }] = rows as [{ id: number }]
  await app.act(ctx => parkInbound(ctx, id, 'because'))
  return id
}

async function laneWith(ctx: Ctx, channel: Channel): Promise<number> {
  const [lane] = await lanesOf(ctx, channel)
  return lane!
}

async function lanesOf(ctx: Ctx, channel: Channel): Promise<number[]> {
  const { rows } = await app.place.pool.query(
    "select distinct lane from inbound where channel_id = $1 and state = 'received'",
    [channel.id],
  )
  const waiting = await waitingLanes(ctx)
  return rows.map(row => row.lane).filter(lane => waiting.includes(lane))
}

const finished = ({ id }: { id: number }) => ({
  id,
  messageId: crypto.randomUUID(),
  conversationId: crypto.randomUUID(),
})

/** As the taker of conversations does it: batches, one by one after a failure, until nothing is due. */
async function takeAllIn(channel: Channel, failed = () => {}) {
  for (const lane of await app.act(ctx => lanesOf(ctx, channel))) {
    for (let limit = 7; ; ) {
      try {
        if ((await app.act(ctx => takeSomeIn(ctx, lane, limit))) === 0) break
      } catch (error) {
        if (!/cannot be understood/.test(String(error))) throw error
        if (limit === 1) {
          failed()
          await app.act(ctx => failInbound(ctx, lane, String(error)))
        }
        limit = 1
      }
    }
  }
}

async function takeSomeIn(ctx: Ctx, lane: number, limit: number) {
  const items = await claimInbound(ctx, lane, limit)
  for (const { channelId, externalId } of items) {
    await ctx.db.execute(
      sql`insert into taken (channel_id, external_id) values (${channelId}, ${externalId})`,
    )
    if (externalId === 'poison') throw new Error('cannot be understood')
  }
  await finishInbound(ctx, items.map(finished))
  return items.length
}

/** What was taken in for good, in the order in which it was. */
async function takenOf(channel: Channel) {
  const { rows } = await app.place.pool.query<{ externalId: string; line: string }>(
    `select external_id as "externalId", line from taken join inbound using (channel_id, external_id) where channel_id = $1 order by taken.n`,
    [channel.id],
  )
  return rows
}

async function states(channel: Channel): Promise<Record<string, number>> {
  const { rows } = await app.place.pool.query<{ state: string; count: number }>(
    'select state, count(*)::int as count from inbound where channel_id = $1 group by 1 order by 1',
    [channel.id],
  )
  return Object.fromEntries(rows.map(row => [row.state, row.count]))
}
