import { describe, expect, test } from 'vitest'
import { type Answer, startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { metrics } from './metrics/metrics.ts'
import type { Figure, FigureRow } from './schemas.ts'
import { makeBusyHouse, signedInAgain } from './test-floor.ts'

const app = await startTestApp()
const supervisor = await app.as('supervisor')
const period = { from: '2026-01-01', to: '2026-12-31' }
/** A second later, since nobody may ask as often as a test does. */
const again = (who: { id: string }) => {
  app.clock.advance(1)
  return signedInAgain(app, who)
}

type Figures = {
  total: Figure
  items: (Figure & { key: string | null; name: string | null })[]
  dayZone: unknown
}

const figures = async (question: Record<string, unknown>, who = supervisor) =>
  ((await (await again(who)).post('/insight/figures', { ...period, ...question })) as Answer<Figures>).body

/** Every page of the rows, few at a time. */
async function rowsOf(question: Record<string, unknown>, who = supervisor) {
  const rows: FigureRow[] = []
  const client = await again(who)
  for (let cursor: string | undefined; ; ) {
    const { status, body } = (await client.post('/insight/figures/rows', {
      ...{ ...period, limit: 20 },
      ...question,
      ...(cursor && { cursor }),
    })) as Answer<{ items: FigureRow[]; next: string | null }>
    expect(status).toBe(200)
    rows.push(...body.items)
    if (!body.next) return rows
    cursor = body.next
  }
}

const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0)
/** PostgreSQL’s percentile_disc: the first value whose share of those up to it reaches the fraction. */
const percentile = (numbers: number[], fraction: number) =>
  numbers.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(numbers.length * fraction) - 1)] ?? null

/** Without a policy that asks for it, nobody records how long a customer was waited for. */
const unheardOf = new Set(['resolution_less_waiting'])

function expectSame(figure: Figure, rows: FigureRow[], unit: string) {
  const numerators = rows.map(({ numerator }) => numerator)
  expect(figure.n).toBe(rows.length)
  expect(figure.numerator).toBeCloseTo(sum(numerators), 3)
  expect(figure.denominator).toBeCloseTo(sum(rows.map(({ denominator }) => denominator)), 3)
  expect([figure.p50, figure.p90, figure.p95]).toEqual(
    unit === 'seconds'
      ? [0.5, 0.9, 0.95].map(fraction => percentile(numerators, fraction))
      : [null, null, null],
  )
  if (rows.length === 0) expect(figure.value).toBe(null)
}

describe('a figure', () => {
  test.each([1, 2])(
    'is what its rows are, whatever it is cut by (house %i)',
    { timeout: 240_000 },
    async seed => {
      await makeBusyHouse(app, seed)
      app.clock.advance(9 * 86_400)
      // What goes on at this moment, such as work, would be more with every asking.
      const to = new Date(app.clock.now.getTime() - 2 * 86_400_000).toISOString().slice(0, 10)
      for (const { code, cuts, unit } of metrics) {
        const { total } = await figures({ metric: code, to })
        expectSame(total, await rowsOf({ metric: code, to }), unit)
        if (!unheardOf.has(code)) expect(total.n, code).toBeGreaterThan(0)
        for (const by of cuts) {
          const { items, total: cutTotal } = await figures({ metric: code, by, to })
          expect(sum(items.map(({ n }) => n)), `${code} by ${by}`).toBe(cutTotal.n)
          for (const part of items.slice(0, 2))
            expectSame(part, await rowsOf({ metric: code, by, to, key: part.key }), unit)
        }
      }
    },
  )

  test('of first responses is what the messages say', async () => {
    const { rows } = await app.place.pool.query<{ id: string; seconds: number }>(`
      select c.id, extract(epoch from min(m.created_at) - c.opened_at)::float8 as seconds from conversations c
      join messages m on m.conversation_id = c.id and m.kind = 'reply' and m.author_kind = 'staff' group by c.id`)
    const { total } = await figures({ metric: 'first_response' })
    expect(total).toMatchObject({
      n: rows.length,
      p50: percentile(
        rows.map(({ seconds }) => seconds),
        0.5,
      ),
    })
    expect(rows.length).toBeGreaterThan(20)
  })

  test('of responses is the wait of each stretch of unanswered messages', async () => {
    const { rows } = await app.place.pool.query<{ id: string; kind: string; at: Date; person: boolean }>(`
      select conversation_id as id, kind, created_at as at, author_kind = 'staff' as person from messages
      where kind in ('customer', 'reply') order by conversation_id, seq`)
    const waits: number[] = []
    let since: Date | null = null
    let id = ''
    for (const row of rows) {
      if (row.id !== id) since = null
      id = row.id
      if (row.kind === 'customer') since ??= row.at
      else if (row.person && since) {
        waits.push((row.at.getTime() - since.getTime()) / 1_000)
        since = null
      }
    }
    const { total } = await figures({ metric: 'response' })
    // A resolve ends a wait as well, so a message before it is not what the next reply answers.
    expect(total.n).toBeGreaterThan(0)
    expect(total.n).toBeLessThanOrEqual(waits.length)
  })

  test('of nothing is null, not 0 %', async () => {
    const empty = { from: '2020-01-01', to: '2020-01-02' }
    for (const metric of ['service_level', 'first_response', 'contacts', 'occupancy'])
      expect((await figures({ metric, ...empty })).total).toMatchObject({ n: 0, value: null, p50: null })
  })

  test('counts nothing of a store one does not see, nor do its rows', async () => {
    const [mine, other] = [await makeStore(app), await makeStore(app)]
    const narrow = await app.as('supervisor', { storeIds: [mine.id] })
    const seen = (await (await makeVisitor(app, mine)).say('Hello')).body.conversation.id
    await (await makeVisitor(app, other)).say('Hello')
    await app.settled()
    expect((await figures({ metric: 'contacts' }, narrow)).total.n).toBe(1)
    expect(
      (await rowsOf({ metric: 'contacts' }, narrow)).map(({ conversation }) => conversation?.id),
    ).toEqual([seen])
    expect((await figures({ metric: 'contacts', by: 'store' }, narrow)).items.map(({ key }) => key)).toEqual([
      mine.id,
    ])
  })

  test('is narrowed by a condition', async () => {
    const store = await makeStore(app)
    const { id } = (await (await makeVisitor(app, store)).say('Hello')).body.conversation
    await (await again(supervisor)).put(`/conversations/${id}/tags`, { tags: ['only-this'] })
    const condition = { field: 'tags', is: 'has_any', value: ['only-this'] }
    expect(
      (await rowsOf({ metric: 'contacts', condition })).map(({ conversation }) => conversation?.id),
    ).toEqual([id])
    expect(
      await (await again(supervisor)).post('/insight/figures', { ...period, metric: 'occupancy', condition }),
    ).toMatchObject({
      status: 422,
      body: { error: { code: 'condition_not_fitting' } },
    })
  })
})

describe('a day', () => {
  test('of a shop begins at the store’s midnight, of people at the company’s', async () => {
    await app.act(async ctx => {
      await ctx.db.execute("insert into company (name, zone, locale) values ('House', 'Asia/Shanghai', 'zh')")
    })
    const store = await makeStore(app, { zone: 'America/Los_Angeles' })
    // 06:30 on the 20th in UTC is still the 19th in Los Angeles, and 14:30 of the 20th in Shanghai.
    app.clock.now = new Date('2026-03-20T06:30:00Z')
    const agent = await app.as('agent')
    const { id } = (await (await makeVisitor(app, store)).say('Hello')).body.conversation
    await agent.post(`/conversations/${id}/replies`, {
      clientId: crypto.randomUUID(),
      text: 'Hi',
      lastSeenSeq: 9,
    })
    await app.settled()
    const condition = { field: 'store', is: 'in', value: [store.id] }
    const days = async (metric: string, by: string, extra = {}) =>
      figures({ metric, by, condition, ...extra })
    expect(await days('first_response', 'day')).toMatchObject({
      items: [{ key: '2026-03-19' }],
      dayZone: { of: 'store', zone: null },
    })
    const on = (day: string) => ({ from: day, to: day })
    expect(await days('first_response', 'staff', on('2026-03-20'))).toMatchObject({
      items: [{ key: agent.id, n: 1 }],
      dayZone: { of: 'company', zone: 'Asia/Shanghai' },
    })
    expect((await days('first_response', 'staff', on('2026-03-19'))).items).toEqual([])
    expect((await days('first_response', 'channel_kind', on('2026-03-19'))).total.n).toBe(1)
  })

  test('of more than 400 at once, or cut by what is not known, is refused', async () => {
    const ask = async (fields: object) =>
      (await again(supervisor)).post('/insight/figures', { metric: 'contacts', ...period, ...fields })
    expect(await ask({ from: '2025-01-01', to: '2026-02-05' })).toMatchObject({ status: 422 })
    expect(await ask({ from: '2026-01-02', to: '2026-01-01' })).toMatchObject({ status: 422 })
    expect(await ask({ by: 'policy' })).toMatchObject({
      status: 422,
      body: { error: { code: 'cut_unknown' } },
    })
    expect(await ask({ metric: 'happiness' })).toMatchObject({ status: 404 })
  })
})

describe('first response in opening hours', () => {
  test('leaves out the night and the lunch break', async () => {
    const calendar = (
      await (
        await app.as('admin')
      ).post('/calendars', {
        name: 'Hours',
        zone: 'UTC',
        weekly: {
          1: [
            { from: '09:00', to: '12:00' },
            { from: '13:00', to: '18:00' },
          ],
          2: [{ from: '09:00', to: '18:00' }],
        },
      })
    ).body as { id: string }
    const store = await makeStore(app, { calendarId: calendar.id })
    // Monday 11:30 to Tuesday 09:10: half an hour, the afternoon, ten minutes.
    app.clock.now = new Date('2026-03-23T11:30:00Z')
    const { id } = (await (await makeVisitor(app, store)).say('Hello')).body.conversation
    app.clock.now = new Date('2026-03-24T09:10:00Z')
    const agent = await app.as('agent')
    await agent.post(`/conversations/${id}/replies`, {
      clientId: crypto.randomUUID(),
      text: 'Hi',
      lastSeenSeq: 9,
    })
    const condition = { field: 'store', is: 'in', value: [store.id] }
    const { total } = await figures({ metric: 'first_response_open_hours', condition })
    expect(total).toMatchObject({ n: 1, p50: (30 + 300 + 10) * 60 })
    expect((await figures({ metric: 'first_response', condition })).total.p50).toBe((21 * 60 + 40) * 60)
  })
})

describe('first contact resolution', () => {
  test('waits seven days, and falls with a reopening or a second contact for the same reason', async () => {
    const store = await makeStore(app)
    app.clock.now = new Date('2026-04-01T09:00:00Z')
    const agent = await app.as('agent')
    const finish = async () => {
      const visitor = await makeVisitor(app, store)
      const { id } = (await visitor.say('Hello')).body.conversation
      app.clock.advance(60)
      await agent.post(`/conversations/${id}/replies`, {
        clientId: crypto.randomUUID(),
        text: 'Hi',
        lastSeenSeq: 9,
      })
      await agent.put(`/conversations/${id}/status`, { category: 'resolved' })
      return visitor
    }
    const [, returning] = [await finish(), await finish()]
    await app.settled()
    const condition = { field: 'store', is: 'in', value: [store.id] }
    expect((await figures({ metric: 'first_contact_resolution', condition })).total.n).toBe(0)
    app.clock.advance(2 * 86_400)
    await returning.say('It broke again')
    await app.settled()
    app.clock.advance(6 * 86_400)
    expect((await figures({ metric: 'first_contact_resolution', condition })).total).toMatchObject({
      ...{ numerator: 1, denominator: 2, value: 0.5 },
    })
    expect((await figures({ metric: 'reopen_rate', condition })).total).toMatchObject({
      numerator: 1,
      denominator: 2,
    })
  })
})
