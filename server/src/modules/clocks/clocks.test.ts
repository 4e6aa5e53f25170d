import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { createCalendar } from '../settings/calendars.ts'
import { type Start, startClocks, stopClocks } from './clocks.ts'
import { fireDueClocks } from './firing.ts'
import { changePolicy, createPolicy, endPolicy } from './policies.ts'
import type { NewPolicy } from './schemas.ts'
import { newPolicy, seconds } from './test-policies.ts'

const app = await startTestApp()
const second = 1_000
const today = app.clock.now
afterEach(() => {
  app.clock.now = today
})

const makePolicy = (storeId: string, fields: Partial<NewPolicy> = {}) =>
  app.act(ctx => createPolicy(ctx, newPolicy({ code: `test-${app.unique()}`, storeId, ...fields })))

const store = await makeStore(app)
const newStart = (fields: Partial<Start> = {}): Start => ({
  subjectId: randomUUID(),
  storeId: store.id,
  channelKind: 'web_chat',
  kind: 'first_response',
  at: app.clock.now,
  ...fields,
})
const start = async (fields: Partial<Start> = {}) => {
  const wanted = newStart(fields)
  const dueAt = await app.act(ctx => startClocks(ctx, [wanted]))
  return { id: wanted.subjectId, dueAt: dueAt.get(wanted.subjectId)?.toISOString() }
}
const stop = (id: string) => app.act(ctx => stopClocks(ctx, [id], 'all', 'answered'))
const sweep = async () => {
  while (await app.act(fireDueClocks)) {}
}
const later = (seconds: number) => new Date(app.clock.now.getTime() + seconds * second).toISOString()

/** What was told of a subject, such as `50 %` or `breach`. */
async function told(id: string): Promise<string[]> {
  const { rows } = await app.place.pool.query(
    "select name, payload from events where conversation_id = $1 and name like 'clock.%' order by id",
    [id],
  )
  return rows.map(({ name, payload }) =>
    name === 'clock.warned' ? `${Math.round(payload.fraction * 100)} %` : 'breach',
  )
}

describe('a customer’s message in a chat', () => {
  test('starts a clock of exactly 30.000 s, which the reply stops', async () => {
    const customer = await makeVisitor(app, store)
    const { body } = await customer.say('在吗？')
    const read = async () =>
      (
        await app.place.pool.query(
          'select started_at, due_at, stopped_at, stop_reason from clocks where subject_id = $1',
          [body.conversation.id],
        )
      ).rows
    expect(await read()).toEqual([
      { started_at: app.clock.now, due_at: new Date(later(30)), stopped_at: null, stop_reason: null },
    ])
    app.clock.advance(29.999)
    const agent = await app.as('agent')
    await agent.post(`/conversations/${body.conversation.id}/replies`, {
      clientId: randomUUID(),
      text: '在的',
      attachmentIds: [],
      lastSeenSeq: body.message.seq,
    })
    expect(await read()).toMatchObject([{ stopped_at: app.clock.now, stop_reason: 'answered' }])
    app.clock.advance(60)
    await app.sweep()
    expect(await told(body.conversation.id)).toEqual([])
  })
})

describe('a running clock', () => {
  test('warns at 50, 75 and 90 % and breaches at 30.000 s, each once', async () => {
    const { id } = await start()
    const heard: [number, string[]][] = []
    for (const at of [14.999, 15, 16, 22.499, 22.5, 26.999, 27, 29.999, 30, 31, 3_600]) {
      app.clock.now = new Date(today.getTime() + at * second)
      await app.sweep()
      heard.push([at, (await told(id)).slice(heard.flatMap(([, words]) => words).length)])
    }
    expect(heard.filter(([, words]) => words.length > 0)).toEqual([
      [15, ['50 %']],
      [22.5, ['75 %']],
      [27, ['90 %']],
      [30, ['breach']],
    ])
  })

  test.each([
    [25, ['75 %']],
    [28, ['90 %']],
    [30, ['breach']],
    [86_400, ['breach']],
  ])('that slept until %d s tells the last of what passed', async (seconds, words) => {
    const { id } = await start()
    app.clock.advance(seconds)
    await sweep()
    await sweep()
    expect(await told(id)).toEqual(words)
  })

  test('warns to the millisecond where a fraction has no exact binary form', async () => {
    const { id: storeId } = await makeStore(app)
    await makePolicy(storeId, { window: seconds(100), warnAt: [0.29] })
    const { id } = await start({ storeId })
    app.clock.advance(28.999)
    await sweep()
    expect(await told(id)).toEqual([])
    app.clock.advance(0.001)
    await sweep()
    expect(await told(id)).toHaveLength(1)
  })

  test('tells where it belongs, and to the colleagues of its store', async () => {
    const { id } = await start()
    app.clock.advance(30)
    await sweep()
    const { rows } = await app.place.pool.query('select * from events where conversation_id = $1', [id])
    expect(rows).toMatchObject([
      {
        name: 'clock.breached',
        actor_kind: 'system',
        payload: {
          conversationId: id,
          storeId: store.id,
          kind: 'first_response',
          dueAt: app.clock.now.toISOString(),
        },
      },
    ])
  })

  test('is kept when the customer writes again, and answers when it is due', async () => {
    const { id, dueAt } = await start()
    app.clock.advance(10)
    expect(await start({ subjectId: id })).toEqual({ id, dueAt })
    app.clock.advance(20)
    await sweep()
    expect(await told(id)).toEqual(['breach'])
  })

  test('started by two at the same moment is one, known to both', async () => {
    const subjectId = randomUUID()
    const answers = await Promise.all([1, 2, 3, 4].map(() => start({ subjectId })))
    expect(new Set(answers.map(({ dueAt }) => dueAt))).toEqual(new Set([later(30)]))
    const { rows } = await app.place.pool.query('select 1 from clocks where subject_id = $1', [subjectId])
    expect(rows).toHaveLength(1)
  })

  test('asked for twice in one breath counts from the earlier moment', async () => {
    const [earlier, subjectId] = [new Date(today.getTime() - 10 * second), randomUUID()]
    const starts = [newStart({ subjectId }), newStart({ subjectId, at: earlier }), newStart({ subjectId })]
    const due = await app.act(ctx => startClocks(ctx, starts))
    expect(due).toEqual(new Map([[subjectId, new Date(later(20))]]))
  })

  test('of another kind of the same subject runs beside it, and the nearest is answered', async () => {
    const { id: storeId } = await makeStore(app)
    await makePolicy(storeId, { kind: 'resolution', window: seconds(3_600) })
    const subjectId = randomUUID()
    const both = (['resolution', 'first_response'] as const).map(kind =>
      newStart({ subjectId, storeId, kind }),
    )
    expect(await app.act(ctx => startClocks(ctx, both))).toEqual(new Map([[subjectId, new Date(later(30))]]))
    await app.act(ctx => stopClocks(ctx, [subjectId], ['first_response'], 'answered'))
    app.clock.advance(3_600)
    await sweep()
    expect(await told(subjectId)).toEqual(['breach'])
  })

  test('takes one statement where no policy asks for it, and two to start', async () => {
    const query = vi.spyOn(pg.Client.prototype, 'query')
    const statements = async (fields: Partial<Start>) => {
      query.mockClear()
      await start(fields)
      const texts = query.mock.calls.map(([asked]) =>
        typeof asked === 'string' ? asked : (asked as { text: string }).text,
      )
      return texts.filter(text => /clocks|clock_policies|calendars/.test(text)).length
    }
    expect([await statements({ kind: 'resolution' }), await statements({})]).toEqual([1, 2])
    query.mockRestore()
  })
})

describe('stopping a clock', () => {
  test('leaves nothing to fire', async () => {
    const { id } = await start()
    app.clock.advance(29.999)
    await stop(id)
    app.clock.advance(60)
    await sweep()
    expect(await told(id)).toEqual([])
  })

  test('in a transaction that fails leaves it running', async () => {
    const { id } = await start()
    const failing = app.act(async ctx => {
      await stopClocks(ctx, [id], 'all', 'answered')
      throw new Error('no')
    })
    await expect(failing).rejects.toThrow('no')
    app.clock.advance(30)
    await sweep()
    expect(await told(id)).toEqual(['breach'])
  })

  test('too late is a breach, told once, whether a sweep came by in between or not', async () => {
    const [swept, unswept] = [await start(), await start()]
    app.clock.advance(30)
    await app.act(async ctx => {
      await stopClocks(ctx, [unswept.id], 'all', 'answered')
    })
    await sweep()
    await stop(swept.id)
    await sweep()
    for (const { id, dueAt } of [swept, unswept]) {
      expect(await told(id)).toEqual(['breach'])
      const { rows } = await app.place.pool.query('select breached_at from clocks where subject_id = $1', [
        id,
      ])
      expect(rows).toEqual([{ breached_at: new Date(dueAt!) }])
    }
  })

  test('twice tells nothing more', async () => {
    const { id } = await start()
    app.clock.advance(40)
    await stop(id)
    await stop(id)
    expect(await told(id)).toEqual(['breach'])
  })

  test('lets the next one run in full', async () => {
    const { id } = await start()
    app.clock.advance(20)
    await stop(id)
    app.clock.advance(3_600)
    expect(await start({ subjectId: id })).toEqual({ id, dueAt: later(30) })
    app.clock.advance(30)
    await sweep()
    expect(await told(id)).toEqual(['breach'])
  })

  test('stops no one else’s, and no other kind', async () => {
    const [one, other] = [await start(), await start()]
    await app.act(ctx => stopClocks(ctx, [one.id], ['next_response', 'resolution'], 'answered'))
    await stop(other.id)
    app.clock.advance(30)
    await sweep()
    expect([await told(one.id), await told(other.id)]).toEqual([['breach'], []])
  })
})

describe('a sweep', () => {
  test('fires 500 clocks of the same second at once, each once', async () => {
    const starts = Array.from({ length: 500 }, () => newStart())
    await app.act(ctx => startClocks(ctx, starts))
    app.clock.advance(30)
    await app.act(fireDueClocks)
    const { rows } = await app.place.pool.query(
      "select count(*)::int as told, count(distinct conversation_id)::int as clocks from events where name = 'clock.breached' and conversation_id = any($1)",
      [starts.map(({ subjectId }) => subjectId)],
    )
    expect(rows).toEqual([{ told: 500, clocks: 500 }])
  })

  test('beside others fires each clock once', async () => {
    const starts = Array.from({ length: 1_300 }, () => newStart())
    await app.act(ctx => startClocks(ctx, starts))
    app.clock.advance(30)
    await Promise.all([sweep(), sweep(), sweep()])
    await sweep()
    const { rows } = await app.place.pool.query(
      "select count(*)::int as told, count(distinct conversation_id)::int as clocks from events where name = 'clock.breached' and conversation_id = any($1)",
      [starts.map(({ subjectId }) => subjectId)],
    )
    expect(rows).toEqual([{ told: 1_300, clocks: 1_300 }])
  })

  test('does not wait for a clock that somebody is stopping, and leaves it to him', async () => {
    const [held, free] = [await start(), await start()]
    app.clock.advance(29)
    await app.act(async ctx => {
      await stopClocks(ctx, [held.id], 'all', 'answered')
      app.clock.advance(1)
      await sweep()
      expect(await told(free.id)).toEqual(['breach'])
    })
    await sweep()
    expect(await told(held.id)).toEqual([])
  })
})

describe('the policy of a clock', () => {
  test('is the store’s before the company’s, and the company’s again once that has ended', async () => {
    const [{ id: storeId }, { id: elsewhere }] = [await makeStore(app), await makeStore(app)]
    const { id } = await makePolicy(storeId, { window: seconds(10) })
    expect((await start({ storeId })).dueAt).toBe(later(10))
    expect((await start({ storeId: elsewhere })).dueAt).toBe(later(30))
    await app.act(ctx => endPolicy(ctx, id))
    expect((await start({ storeId })).dueAt).toBe(later(30))
  })

  test('is the version it started under, whatever is decided meanwhile', async () => {
    const { id: storeId } = await makeStore(app)
    const { id: policyId } = await makePolicy(storeId)
    const before = await start({ storeId })
    app.clock.advance(1)
    await app.act(ctx => changePolicy(ctx, policyId, { window: seconds(120), warnAt: [0.25] }))
    const after = await start({ storeId })
    expect(after.dueAt).toBe(later(120))
    expect(await start({ storeId, subjectId: before.id })).toEqual(before)
    app.clock.advance(20)
    await sweep()
    app.clock.advance(10)
    await sweep()
    expect([await told(before.id), await told(after.id)]).toEqual([['50 %', 'breach'], ['25 %']])
  })

  test('of another kind or channel starts nothing', async () => {
    expect((await start({ kind: 'resolution' })).dueAt).toBeUndefined()
    expect((await start({ channelKind: 'api' })).dueAt).toBeUndefined()
  })
})

describe('a clock by the store’s calendar', () => {
  const hours = [{ from: '09:00', to: '18:00' }]
  const office = { 1: hours, 2: hours, 3: hours, 4: hours, 5: hours }
  const makeOffice = async (zone: string, fields: object = {}) => {
    const calendar = await app.act(ctx =>
      createCalendar(ctx, { name: zone, zone, weekly: office, closed: [], special: [], ...fields }),
    )
    return (await makeStore(app, { calendarId: calendar.id })).id
  }

  test.each([
    ['counts on when it is open', '2026-01-05T10:00:00Z', '2026-01-05T10:00:30.000Z'],
    ['is due at closing when its time is up just then', '2026-01-05T16:59:30Z', '2026-01-05T17:00:00.000Z'],
    ['counts the rest from the next opening', '2026-01-05T16:59:45.250Z', '2026-01-06T08:00:15.250Z'],
    ['counts from Monday what comes on Friday night', '2026-01-09T22:00:00Z', '2026-01-12T08:00:30.000Z'],
    [
      'counts from an hour earlier in UTC once summer time has begun',
      '2026-03-27T22:00:00Z',
      '2026-03-30T07:00:30.000Z',
    ],
    ['counts from an hour later once it has ended', '2026-10-23T22:00:00Z', '2026-10-26T08:00:30.000Z'],
  ])('%s', async (_, at, dueAt) => {
    app.clock.now = new Date(at)
    expect((await start({ storeId: await makeOffice('Europe/Berlin') })).dueAt).toBe(dueAt)
  })

  test('neither warns nor breaches while the store is closed', async () => {
    app.clock.now = new Date('2026-01-05T16:59:40Z')
    const { id } = await start({ storeId: await makeOffice('Europe/Berlin') })
    for (const at of [
      '2026-01-05T16:59:55Z',
      '2026-01-05T23:00:00Z',
      '2026-01-06T07:59:59Z',
      '2026-01-06T08:00:02.5Z',
    ]) {
      app.clock.now = new Date(at)
      await sweep()
    }
    expect(await told(id)).toEqual(['50 %', '75 %'])
    app.clock.now = new Date('2026-01-06T08:00:10Z')
    await sweep()
    expect(await told(id)).toEqual(['50 %', '75 %', 'breach'])
  })

  test('of another store goes by that one’s hours, in the same breath', async () => {
    const [berlin, tokyo] = [await makeOffice('Europe/Berlin'), await makeOffice('Asia/Tokyo')]
    const starts = [berlin, tokyo, store.id].map(storeId =>
      newStart({ storeId, at: new Date('2026-01-05T12:00:00Z') }),
    )
    const due = await app.act(ctx => startClocks(ctx, starts))
    expect(starts.map(({ subjectId }) => due.get(subjectId)?.toISOString())).toEqual([
      '2026-01-05T12:00:30.000Z',
      '2026-01-06T00:00:30.000Z',
      '2026-01-05T12:00:30.000Z',
    ])
  })

  test('does not start where the store never opens again', async () => {
    const past = { date: '2020-01-01', intervals: hours, name: 'Last day' }
    const storeId = await makeOffice('UTC', { weekly: {}, special: [past] })
    expect((await start({ storeId })).dueAt).toBeUndefined()
  })

  test('may be day and night by its policy', async () => {
    const storeId = await makeOffice('Europe/Berlin')
    await makePolicy(storeId, { calendar: 'always' })
    app.clock.now = new Date('2026-01-10T22:00:00Z')
    expect((await start({ storeId })).dueAt).toBe(later(30))
  })
})
