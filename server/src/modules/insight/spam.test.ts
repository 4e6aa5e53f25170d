import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import type { Ctx } from '../../platform/context.ts'
import { markSpam, unmarkSpam } from '../conversations/spam.ts'
import { listDays } from './days.ts'
import { getFigures, listMetrics } from './figures.ts'
import { metrics } from './metrics/metrics.ts'
import { listRows } from './rows.ts'
import { dice, makeBusyHouse, signedInAgain } from './test-floor.ts'
import { watchWall } from './wall.ts'

const app = await startTestApp()
const period = { from: '2026-01-01', to: '2026-12-31', isToday: false }
let asked = 0

/** All that insight says of the house: every figure by every cut with its rows, each person's days, the wall. */
async function allFigures(ctx: Ctx) {
  const said: Record<string, unknown> = {}
  for (const { code, cuts } of metrics)
    for (const by of [null, ...cuts]) {
      const question = { ...period, metric: code, by }
      const { total, items } = await getFigures(ctx, question)
      const { items: rows } = await listRows(ctx, { ...question, limit: 1_000 })
      said[`${code} by ${by}`] = { total, items, rows }
    }
  for (const day of ['2026-01-05', '2026-01-06', '2026-01-07', '2026-01-08'])
    said[day] = (await listDays(ctx, day)).items
  // A wall is kept for a second; another number of minutes is another wall.
  const wall = await watchWall(ctx, app.place, 1_000_000 + asked++)
  return { ...said, wall: { ...wall, clocks: { ...wall.clocks, withinMinutes: 0 } } }
}

/** The same in a house to which these conversations never came, which is gone again at once. */
async function figuresWithout(ids: string[]) {
  const gone = new Error('gone again')
  let said: Awaited<ReturnType<typeof allFigures>> | undefined
  await app
    .act(async ctx => {
      await ctx.db.execute(`do $$ declare one record; begin
        for one in select conrelid::regclass as owner, conname from pg_constraint where confrelid = 'conversations'::regclass and contype = 'f'
        loop execute format('alter table %s drop constraint %I', one.owner, one.conname); end loop; end $$`)
      const list = ids.map(id => `'${id}'`).join()
      await ctx.db.execute(`delete from assignments where conversation_id in (${list})`)
      await ctx.db.execute(`delete from conversations where id in (${list})`)
      said = await allFigures(ctx)
      throw gone
    })
    .catch(error => {
      if (error !== gone) throw error
    })
  return said!
}

describe('a house with spam in it', () => {
  test.each([11, 12])(
    'says the same of itself as one to which it never came, and as before once it is unmarked (house %i)',
    { timeout: 240_000 },
    async seed => {
      const { ids } = await makeBusyHouse(app, seed)
      const { one, upTo } = dice(seed)
      const spam = [...new Set(Array.from({ length: 4 + upTo(6) }, () => one(ids)))]
      const rowsOf = async () =>
        (
          await app.place.pool.query(
            'select id, resolved_at as "resolvedAt" from conversations where id = any($1)',
            [spam],
          )
        ).rows as { id: string; resolvedAt: Date | null }[]
      const before = await app.act(allFigures)
      const endedBefore = (await rowsOf()).filter(row => row.resolvedAt).map(row => row.id)
      for (const id of spam) await app.act(ctx => markSpam(ctx, id))
      // Whoever opens one again has not said that it is none.
      const [opened] = spam
      await app.place.pool.query(
        "update conversations set category = 'open', waiting_since = opened_at, due_at = opened_at, assignee_id = null where id = $1",
        [opened],
      )
      await app.settled()

      const marked = await app.act(allFigures)
      expect(marked).toEqual(await figuresWithout(spam))
      expect(marked).not.toEqual(before)

      for (const id of spam.filter(id => id !== opened)) await app.act(ctx => unmarkSpam(ctx, id))
      await app.settled()
      const counted = await app.act(ctx => getFigures(ctx, { ...period, metric: 'resolution', by: null }))
      const expected = await app.place.pool.query(
        'select count(*)::int as n from conversations where resolved_at is not null and spam_at is null',
      )
      expect(counted.total.n).toBe(expected.rows[0].n)
      const again = (await rowsOf()).filter(row => row.resolvedAt && row.id !== opened).map(row => row.id)
      expect(again.sort()).toEqual(endedBefore.filter(id => id !== opened).sort())
      await app.place.pool.query('update conversations set spam_at = null where id = $1', [opened])
    },
  )
})

test('a customer whose first message was spam has not contacted us again by the second', async () => {
  const store = await makeStore(app)
  const visitor = await makeVisitor(app, store)
  const agent = await signedInAgain(app, await app.as('agent'))
  const write = async () => {
    const { id } = (await visitor.say('Where is my parcel?')).body.conversation
    await app.act(ctx => ctx.db.execute(`update conversations set reason = 'wismo.where' where id = '${id}'`))
    app.clock.advance(60)
    await agent.put(`/conversations/${id}/status`, { category: 'closed' })
    return id
  }
  const [first] = [await write(), await write()]
  const rate = async () =>
    (
      await app.act(ctx => getFigures(ctx, { ...period, metric: 'repeat_contact_rate', by: 'store' }))
    ).items.find(({ key }) => key === store.id)
  expect(await rate()).toMatchObject({ numerator: 1, denominator: 2 })
  await app.act(ctx => markSpam(ctx, first))
  expect(await rate()).toMatchObject({ numerator: 0, denominator: 1 })
})

describe('what was resolved and taken for spam by mistake', () => {
  test('counts as resolved once and as reopened never, whichever way the mistake is undone', async () => {
    const store = await makeStore(app)
    const agent = await signedInAgain(app, await app.as('agent'))
    const about = { ...period, by: 'store' as const }
    const resolved = async () => {
      const visitor = await makeVisitor(app, store)
      const { id } = (await visitor.say('Where is my parcel?')).body.conversation
      app.clock.advance(5)
      await agent.post(`/conversations/${id}/replies`, {
        ...{ clientId: randomUUID(), text: 'Here', lastSeenSeq: 9, afterwards: 'resolve' },
      })
      app.clock.advance(5)
      return id
    }
    const figure = async (metric: string) => {
      await app.settled()
      const { items } = await app.act(ctx => getFigures(ctx, { ...about, metric }))
      const own = items.find(({ key }) => key === store.id)
      return own ? [own.numerator, own.denominator] : null
    }
    const [one, other] = [await resolved(), await resolved()]
    expect(await figure('reopen_rate')).toEqual([0, 2])
    const marked = await agent.post(`/conversations/${one}/actions`, {
      actions: [{ code: 'mark_spam', params: {} }],
    })
    await app.act(ctx => markSpam(ctx, other))
    expect(await figure('reopen_rate')).toBe(null)
    const { undo, left } = marked.body as { undo: object[]; left: object }
    expect(await agent.post(`/conversations/${one}/actions`, { actions: undo, left })).toMatchObject({
      status: 200,
    })
    await app.act(ctx => unmarkSpam(ctx, other))
    expect(await figure('reopen_rate')).toEqual([0, 2])
  })
})

test('every metric says that it leaves spam out, in both languages', async () => {
  const [zh, en] = [
    await app.as('supervisor', { locale: 'zh' }),
    await app.as('supervisor', { locale: 'en' }),
  ]
  const meanings = async (who: typeof zh) =>
    ((await (await signedInAgain(app, who)).get('/insight/metrics')).body as { items: { meaning: string }[] })
      .items
  for (const { meaning } of await meanings(zh)) expect(meaning).toMatch(/标为垃圾消息的会话不计。$/)
  for (const { meaning } of await meanings(en))
    expect(meaning).toMatch(/\. What is marked as spam is left out\.$/)
  expect(await app.act(ctx => listMetrics(ctx))).toHaveLength(metrics.length)
})
