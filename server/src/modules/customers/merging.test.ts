import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { recordFact } from './facts.ts'
import { rootOf } from './lookup.ts'
import { mergeCustomers, undoMerge } from './merging.ts'
import { resolveCustomers } from './resolve.ts'
import type { Customer } from './schemas.ts'

const app = await startTestApp()
const agent = await app.as('agent')
const specialist = await app.as('specialist')

const create = async (fields: object) => (await agent.post('/customers', fields)).body as Customer
const get = async (id: string) => (await agent.get(`/customers/${id}`)).body as Customer
const merge = (fromId: string, intoId: string) => specialist.put(`/customers/${fromId}/merge`, { intoId })
const undo = (fromId: string) => specialist.delete(`/customers/${fromId}/merge`)
const email = () => `person-${app.unique()}@example.com`

describe('merging two customers', () => {
  test('moves identities and facts, fills blanks, joins tags, and overwrites nothing', async () => {
    const from = await create({
      name: 'G. Hopper',
      email: email(),
      phone: '+12025550143',
      country: 'US',
      tags: ['vip', 'navy'],
    })
    const into = await create({ name: 'Grace Hopper', email: email(), language: 'en', tags: ['vip'] })
    await agent.put(`/customers/${from.id}/facts/rank`, { value: 'Rear Admiral' })
    const merged = await merge(from.id, into.id)
    expect(merged).toMatchObject({
      status: 200,
      body: {
        id: into.id,
        name: 'Grace Hopper',
        language: 'en',
        country: 'US',
        phone: '+12025550143',
        tags: ['vip', 'navy'],
        merged: [{ id: from.id, name: 'G. Hopper', by: specialist.id }],
      },
    })
    const { identities, facts } = merged.body as Customer
    expect(identities).toHaveLength(3)
    expect(facts.find(fact => fact.field === 'rank')?.value).toBe('Rear Admiral')
    expect(await get(from.id)).toMatchObject({
      mergedIntoId: into.id,
      name: 'G. Hopper',
      identities: [],
      facts: [],
    })
  })

  test('is told to those below, and noted for both', async () => {
    const [from, into] = [await create({ name: 'A' }), await create({ name: 'B' })]
    await merge(from.id, into.id)
    await undo(from.id)
    const { rows } = await app.place.pool.query(
      "select name, customer_id, payload from events where name like 'customer.%merged' and payload->>'fromId' = $1 order by id",
      [from.id],
    )
    expect(rows).toEqual([
      { name: 'customer.merged', customer_id: into.id, payload: { fromId: from.id, intoId: into.id } },
      {
        name: 'customer.unmerged',
        customer_id: into.id,
        payload: { fromId: from.id, intoId: into.id, customerIds: [from.id] },
      },
    ])
    const audit = await app.place.pool.query(
      'select action, object, actor_id from audit_entries where object = any($1) and action like $2',
      [[`customer:${from.id}`, `customer:${into.id}`], '%merged'],
    )
    expect(audit.rows).toHaveLength(4)
    expect(audit.rows.every(row => row.actor_id === specialist.id)).toBe(true)
  })

  test('takes the merged one out of lists, and whoever changes him is sent on', async () => {
    const name = `Unrepeatable${app.unique()}`
    const [from, into] = [await create({ name }), await create({ name: 'Other' })]
    await merge(from.id, into.id)
    expect((await agent.get(`/customers?search=${name}`)).body).toMatchObject({ items: [] })
    const refused = {
      status: 409,
      body: { error: { code: 'customer_merged', details: { intoId: into.id } } },
    }
    expect(await agent.patch(`/customers/${from.id}`, { version: 2, name: 'x' })).toMatchObject(refused)
    expect(await agent.put(`/customers/${from.id}/tags`, { tags: ['x'] })).toMatchObject(refused)
    expect(
      await agent.post(`/customers/${from.id}/identities`, { kind: 'email', value: email() }),
    ).toMatchObject(refused)
    expect(await merge(from.id, into.id)).toMatchObject({
      status: 409,
      body: { error: { code: 'customer_merged' } },
    })
  })

  test('by way of another ends at the last', async () => {
    const [a, b, c] = [
      await create({ name: 'A', email: email() }),
      await create({ name: 'B' }),
      await create({ name: 'C' }),
    ]
    await merge(b.id, c.id)
    expect(await merge(a.id, b.id)).toMatchObject({ body: { id: c.id } })
    expect(await get(a.id)).toMatchObject({ mergedIntoId: c.id })
    expect(await merge(c.id, a.id)).toMatchObject({ status: 422, body: { error: { code: 'same_customer' } } })
  })

  test('with himself, with nobody, or taken back where there was none is refused', async () => {
    const { id } = await create({ name: 'A' })
    const nobody = '018f0000-0000-7000-8000-000000000000'
    expect(await merge(id, id)).toMatchObject({ status: 422, body: { error: { code: 'same_customer' } } })
    expect(await merge(id, nobody)).toMatchObject({ status: 404 })
    expect(await merge(nobody, id)).toMatchObject({ status: 404 })
    expect(await undo(id)).toMatchObject({ status: 409, body: { error: { code: 'not_merged' } } })
  })

  test('both ways at once merges one way', async () => {
    const [a, b] = [await create({ name: 'A', email: email() }), await create({ name: 'B', email: email() })]
    const answers = await Promise.all([merge(a.id, b.id), merge(b.id, a.id)])
    expect(answers.filter(answer => answer.status === 200)).toHaveLength(1)
    const roots = await app.act(async ctx => [await rootOf(ctx, a.id), await rootOf(ctx, b.id)])
    expect(roots[0]).toBe(roots[1])
  })
})

describe('taking a merge back', () => {
  test('leaves with each what was changed on him since', async () => {
    const [from, into] = [
      await create({ name: 'From', country: 'US', tags: ['a', 'b'] }),
      await create({ name: 'Into', tags: ['c'] }),
    ]
    await merge(from.id, into.id)
    const since = email()
    await agent.post(`/customers/${into.id}/identities`, { kind: 'email', value: since })
    await agent.put(`/customers/${into.id}/facts/size`, { value: 42 })
    const { version } = await get(into.id)
    await agent.patch(`/customers/${into.id}`, { version, name: 'Into, corrected' })
    await agent.put(`/customers/${into.id}/tags`, { tags: ['c', 'a', 'd'] })
    expect(await undo(from.id)).toMatchObject({
      status: 200,
      body: { id: from.id, name: 'From', country: 'US', tags: ['a', 'b'], mergedIntoId: null },
    })
    expect(await get(into.id)).toMatchObject({
      name: 'Into, corrected',
      country: null,
      email: since,
      tags: ['c', 'd'],
      facts: [{ field: 'name', value: 'Into, corrected' }, { field: 'size' }],
    })
  })

  test('keeps a tag away that was taken away while another is merged in', async () => {
    const [a, b, into] = [
      await create({ name: 'A', tags: ['x'] }),
      await create({ name: 'B', tags: ['y'] }),
      await create({ name: 'C' }),
    ]
    await merge(a.id, into.id)
    await agent.put(`/customers/${into.id}/tags`, { tags: [] })
    await merge(b.id, into.id)
    expect(await get(into.id)).toMatchObject({ tags: ['y'] })
  })

  test('lets the next message find him again', async () => {
    const value = email()
    const known = { kind: 'email', scope: '', value, verified: true, source: 'mail' } as const
    const [first] = await app.act(ctx => resolveCustomers(ctx, [known]))
    const into = await create({ name: 'Into' })
    await merge(first!.customerId, into.id)
    await undo(first!.customerId)
    expect(await app.act(ctx => resolveCustomers(ctx, [known]))).toEqual([{ ...first, created: false }])
  })
})

type Step = { kind: 'merge'; from: number; into: number } | { kind: 'undo'; from: number }
const people = 5
const place = fc.nat(people - 1)
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('merge' as const), from: place, into: place }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('undo' as const), from: place }) },
  ),
  { maxLength: 14 },
)
const blankOr = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const profile = fc.record({
  name: fc.constantFrom('', 'Ann', '王伟'),
  language: blankOr(fc.constantFrom('de', 'zh')),
  country: blankOr(fc.constantFrom('DE', 'CN')),
  tags: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
})

describe('any row of merges', () => {
  /** Who stands under whom, by the rules alone. */
  function play(parents: (number | null)[], step: Step): boolean {
    const top = (n: number): number => (parents[n] === null ? n : top(parents[n]!))
    if (step.kind === 'undo') {
      if (parents[step.from] === null) return false
      parents[step.from] = null
      return true
    }
    const target = top(step.into)
    if (parents[step.from] !== null || target === step.from) return false
    parents[step.from] = target
    return true
  }

  const shown = async (ids: string[]) => {
    const { rows } = await app.place.pool.query(
      `select id, name, language, country, tags, own, anonymous, name_needle, needle, bigrams::text, merged_into_id,
        (select array_agg(value order by value) from identities where customer_id = customers.id) as identities,
        (select array_agg(field || ' ' || value order by facts.id) from facts where customer_id = customers.id) as facts
      from customers where id = any($1) order by id`,
      [ids],
    )
    return rows
  }

  test('keeps everything with the last of each chain, and is undone to the letter', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(profile, { minLength: people, maxLength: people }),
        steps,
        async (profiles, steps) => {
          const ids: string[] = []
          for (const fields of profiles) ids.push((await create({ ...fields, email: email() })).id)
          await app.act(async ctx => {
            for (const id of ids) await recordFact(ctx, id, { field: 'home', value: id, source: 'staff' })
          })
          const before = await shown(ids)

          const parents: (number | null)[] = Array(people).fill(null)
          const top = (n: number): number => (parents[n] === null ? n : top(parents[n]!))
          for (const step of steps) {
            const isAllowed = play(parents, step)
            const done = await app
              .act(ctx =>
                step.kind === 'undo'
                  ? undoMerge(ctx, ids[step.from]!)
                  : mergeCustomers(ctx, ids[step.from]!, ids[step.into]!),
              )
              .then(() => true)
              .catch(() => false)
            expect(done).toBe(isAllowed)
          }

          const { rows } = await app.place.pool.query(
            'select customer_id, original_customer_id from identities where original_customer_id = any($1)',
            [ids],
          )
          expect(rows).toHaveLength(people)
          for (const row of rows)
            expect(row.customer_id).toBe(ids[top(ids.indexOf(row.original_customer_id))])
          for (const row of await shown(ids)) {
            const family = profiles.filter((_, n) => ids[top(n)] === row.id)
            if (row.merged_into_id !== null) continue
            expect(row.tags.toSorted()).toEqual([...new Set(family.flatMap(one => one.tags))].toSorted())
            expect(row.country === null).toBe(family.every(one => one.country === null))
            expect(row.name === '').toBe(family.every(one => one.name === ''))
          }

          for (const n of [2, 0, 4, 1, 3])
            if (parents[n] !== null) await app.act(ctx => undoMerge(ctx, ids[n]!))
          expect(await shown(ids)).toEqual(before)
        },
      ),
      { numRuns: 25 },
    )
  }, 120_000)
})
