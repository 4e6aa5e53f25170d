import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore } from '../../../test/make.ts'
import { calendarProblems, type OpeningHours } from '../settings/business-time.ts'
import { createCalendar } from '../settings/calendars.ts'
import type { NewCalendar } from '../settings/schemas.ts'
import { clockChanges, openMinutes, scenes } from '../settings/test-calendars.ts'
import { startClocks, stopClocks } from './clocks.ts'
import { fireDueClocks } from './firing.ts'
import { changePolicy, createPolicy } from './policies.ts'
import { newPolicy, seconds } from './test-policies.ts'

const app = await startTestApp()
const [second, minute] = [1_000, 60_000]

type Terms = { windowSeconds: number; warnAt: number[] }

/** A store of its own for each run, since each goes back in time and a policy's versions never do. */
async function openShop(calendar: OpeningHours, terms: Terms) {
  const { id: calendarId } = await app.act(ctx =>
    createCalendar(ctx, { ...(structuredClone(calendar) as NewCalendar), name: 'Model' }),
  )
  const { id: storeId } = await makeStore(app, { calendarId })
  const spoken = ({ windowSeconds, warnAt }: Terms) => ({ window: seconds(windowSeconds), warnAt })
  const policy = newPolicy({ kind: 'resolution', storeId, code: `model-${app.unique()}`, ...spoken(terms) })
  let { id } = await app.act(ctx => createPolicy(ctx, policy))
  return {
    async setPolicy(terms: Terms) {
      id = (await app.act(ctx => changePolicy(ctx, id, spoken(terms)))).id
    },
    newStart: (subjectId: string, at: Date) => ({
      subjectId,
      storeId,
      channelKind: 'web_chat',
      kind: 'resolution' as const,
      at,
    }),
  }
}

const sound = scenes.filter(({ calendar }) => calendarProblems(calendar).length === 0)

describe('in any zone, calendar and season', () => {
  test('10,000 clocks are due when a walk minute by minute says so', { timeout: 300_000 }, async () => {
    const perCalendar = 60
    const days = 3
    let [compared, changesMet] = [0, 0]
    const starts = fc.array(fc.integer({ min: 0, max: 36 * 60 * minute }), {
      minLength: perCalendar,
      maxLength: perCalendar,
    })
    const property = fc.asyncProperty(
      sound,
      starts,
      fc.integer({ min: 1, max: 6 * 3_600 }),
      async ({ calendar, from }, offsets, windowSeconds) => {
        const shop = await openShop(calendar, { windowSeconds, warnAt: [] })
        const wanted = offsets.map(offset => shop.newStart(randomUUID(), new Date(from + offset)))
        const dueAt = await app.act(ctx => startClocks(ctx, wanted))
        const open = openMinutes(calendar, from, days * 24 * 60)
        const end = from + days * 24 * 60 * minute
        if (clockChanges.get(calendar.zone)?.some(change => change >= from && change < end)) changesMet++
        for (const { subjectId, at } of wanted) {
          const expected = dueByWalking(open, from, at.getTime(), windowSeconds * second)
          const due = dueAt.get(subjectId)?.getTime() ?? Number.POSITIVE_INFINITY
          if (expected === null) expect(due).toBeGreaterThanOrEqual(end)
          else expect(due).toBe(expected)
          compared++
        }
        const subjectIds = wanted.map(({ subjectId }) => subjectId)
        await app.act(ctx => stopClocks(ctx, subjectIds, 'all', 'compared'))
      },
    )
    await fc.assert(property, { numRuns: 170, endOnFailure: true })
    expect(compared).toBeGreaterThan(10_000)
    expect(changesMet).toBeGreaterThan(50)
  })

  test('what is told, and when, is what a stepping model tells', { timeout: 300_000 }, async () => {
    const upTo = (max: number) => fc.integer({ min: 1, max })
    const heardOf = { warnings: 0, breaches: 0, lateStops: 0 }
    const step = fc.record({
      ms: fc.oneof({ weight: 4, arbitrary: upTo(30 * second) }, { weight: 1, arbitrary: upTo(10 * minute) }),
      does: fc.constantFrom('sweep', 'sweep', 'sweep', 'sweep', 'start', 'start', 'stop', 'policy'),
      subject: fc.integer({ min: 0, max: 3 }),
      windowSeconds: fc.oneof(upTo(60), upTo(600)),
      warnAt: fc
        .uniqueArray(fc.constantFrom(0.1, 0.25, 0.5, 0.75, 0.9), { maxLength: 4 })
        .map(list => list.toSorted((a, b) => a - b)),
    })
    const property = fc.asyncProperty(
      sound.filter(({ calendar, from }) => openMinutes(calendar, from, 60).filter(Boolean).length > 20),
      fc.array(step, { minLength: 40, maxLength: 40 }),
      async ({ calendar, from }, steps) => {
        app.clock.now = new Date(from)
        const { windowSeconds, warnAt } = steps[0]!
        const shop = await openShop(calendar, { windowSeconds, warnAt })
        const model = newModel(calendar, from, { windowSeconds, warnAt })
        const subjects = Array.from({ length: 4 }, () => randomUUID())
        for (const { ms, does, subject, ...terms } of steps) {
          app.clock.now = new Date(app.clock.now.getTime() + ms)
          const id = subjects[subject]!
          if (does === 'policy') await shop.setPolicy(terms)
          if (does === 'start') await app.act(ctx => startClocks(ctx, [shop.newStart(id, ctx.now)]))
          if (does === 'stop') await app.act(ctx => stopClocks(ctx, [id], 'all', 'resolved'))
          if (does === 'sweep') while (await app.act(fireDueClocks)) {}
          model.step(app.clock.now.getTime(), does, id, terms)
        }
        const told = await heard(subjects)
        expect(told).toEqual(model.told(subjects))
        heardOf.warnings += told.flat().filter(words => words.startsWith('warned')).length
        heardOf.breaches += told.flat().filter(words => words.startsWith('breach')).length
        heardOf.lateStops += model.lateStops()
      },
    )
    await fc.assert(property, { numRuns: 60, endOnFailure: true })
    expect(heardOf.warnings).toBeGreaterThan(20)
    expect(heardOf.breaches).toBeGreaterThan(50)
    expect(heardOf.lateStops).toBeGreaterThan(0)
  })
})

/** The instant at which the last of `ms` open milliseconds has passed, or null beyond the minutes given. */
function dueByWalking(open: readonly boolean[], from: number, at: number, ms: number): number | null {
  let left = ms
  for (let i = Math.floor((at - from) / minute); i < open.length; i++) {
    if (!open[i]) continue
    const begin = Math.max(at, from + i * minute)
    const end = from + (i + 1) * minute
    if (left <= end - begin) return begin + left
    left -= end - begin
  }
  return null
}

type Running = Terms & { elapsed: number; told: number }

/** Knows of no due time: at every step it adds up what of the time since the last one was open. */
function newModel(calendar: OpeningHours, from: number, agreed: Terms) {
  const open = openMinutes(calendar, from, 40 * 11)
  const running = new Map<string, Running>()
  const words = new Map<string, string[]>()
  let [now, late] = [from, 0]
  let policy = agreed

  const passed = ({ elapsed, windowSeconds, warnAt }: Running) =>
    [...warnAt, 1].filter(fraction => elapsed >= Math.round(fraction * windowSeconds * second)).length
  const tell = (id: string, text: string) => words.set(id, [...(words.get(id) ?? []), `${text} at ${now}`])

  function pass(to: number) {
    while (now < to) {
      const i = Math.floor((now - from) / minute)
      const next = Math.min(to, from + (i + 1) * minute)
      if (open[i]) for (const clock of running.values()) clock.elapsed += next - now
      now = next
    }
  }

  function sweep() {
    for (const [id, clock] of running) {
      const count = passed(clock)
      if (count === clock.told) continue
      clock.told = count
      tell(id, count > clock.warnAt.length ? 'breach' : `warned ${clock.warnAt[count - 1]}`)
    }
  }

  function stop(id: string) {
    const clock = running.get(id)
    const isLate = clock && passed(clock) > clock.warnAt.length
    if (isLate && clock.told <= clock.warnAt.length) {
      tell(id, 'breach')
      late++
    }
    running.delete(id)
  }

  return {
    step(to: number, does: string, id: string, terms: Terms) {
      pass(to)
      if (does === 'policy') policy = terms
      if (does === 'start' && !running.has(id)) running.set(id, { ...policy, elapsed: 0, told: 0 })
      if (does === 'stop') stop(id)
      if (does === 'sweep') sweep()
    },
    told: (subjects: readonly string[]) => subjects.map(id => words.get(id) ?? []),
    lateStops: () => late,
  }
}

async function heard(subjects: readonly string[]) {
  const { rows } = await app.place.pool.query(
    'select conversation_id as id, name, at, payload from events where conversation_id = any($1) order by events.id',
    [subjects],
  )
  const words = rows.map(({ id, name, at, payload }) => ({
    id,
    text: `${name === 'clock.warned' ? `warned ${payload.fraction}` : 'breach'} at ${at.getTime()}`,
  }))
  return subjects.map(subject => words.filter(({ id }) => id === subject).map(({ text }) => text))
}
