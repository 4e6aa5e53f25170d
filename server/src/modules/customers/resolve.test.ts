import { inArray } from 'drizzle-orm'
import pg from 'pg'
import { describe, expect, test, vi } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { noteContacts } from './identities.ts'
import { mergeCustomers } from './merging.ts'
import { type Person, resolveCustomers } from './resolve.ts'
import { customers, identities } from './tables.ts'

const app = await startTestApp()

const person = (fields: Partial<Person> = {}): Person => ({
  kind: 'external',
  scope: 'channel',
  value: `buyer-${app.unique()}`,
  verified: true,
  source: 'api',
  ...fields,
})
const resolve = (...people: Person[]) => app.act(ctx => resolveCustomers(ctx, people))
const one = async (fields: Partial<Person>) => (await resolve(person(fields)))[0]!
const read = async (id: string) =>
  (
    await app.act(ctx =>
      ctx.db
        .select()
        .from(customers)
        .where(inArray(customers.id, [id])),
    )
  )[0]!

describe('resolving somebody new', () => {
  test('makes a customer with what is said of him', async () => {
    const { customerId, created } = await one({
      kind: 'email',
      scope: '',
      value: 'New.Person@Example.com',
      name: '新人',
      language: 'zh',
      country: 'CN',
      zone: 'Asia/Shanghai',
    })
    expect(created).toBe(true)
    expect(await read(customerId)).toMatchObject({
      name: '新人',
      language: 'zh',
      country: 'CN',
      zone: 'Asia/Shanghai',
      anonymous: false,
    })
    const again = await one({ kind: 'email', scope: '', value: 'new.person@EXAMPLE.com ' })
    expect(again).toEqual({
      ...{ customerId, identityId: expect.any(String) },
      ...{ created: false, isBlocked: false },
    })
  })

  test('fifty times at once makes one customer, and loses nobody (S3)', async () => {
    const newcomer = person()
    const answers = await Promise.all(Array.from({ length: 50 }, () => resolve(newcomer)))
    expect(new Set(answers.map(([answer]) => answer!.customerId)).size).toBe(1)
    expect(answers.filter(([answer]) => answer!.created)).toHaveLength(1)
    const known = await app.act(ctx =>
      ctx.db
        .select()
        .from(identities)
        .where(inArray(identities.value, [newcomer.value])),
    )
    expect(known).toHaveLength(1)
  })

  test('in batches that meet in different order locks nobody out', async () => {
    const people = Array.from({ length: 20 }, () => person())
    const shuffled = Array.from({ length: 12 }, (_, n) =>
      [...people.slice(n), ...people.slice(0, n)].toReversed(),
    )
    const answers = await Promise.all(shuffled.map(batch => resolve(...batch)))
    const ids = answers.map(
      (batch, n) => new Map(batch.map((answer, at) => [shuffled[n]![at]!.value, answer.customerId])),
    )
    for (const { value } of people) expect(new Set(ids.map(map => map.get(value))).size).toBe(1)
  })

  test('whose transaction fails leaves nothing behind', async () => {
    const newcomer = person()
    const failed = app.act(async ctx => {
      await resolveCustomers(ctx, [newcomer])
      throw new Error('the message could not be kept')
    })
    await expect(failed).rejects.toThrow('could not be kept')
    expect((await resolve(newcomer))[0]).toMatchObject({ created: true })
  })

  test('twice in one batch makes one', async () => {
    const newcomer = person()
    const [first, second] = await resolve(newcomer, { ...newcomer, name: 'Later' })
    expect(second).toEqual(first)
  })

  test('takes what no rule expects, since a message hangs on it', async () => {
    const odd = [
      person({
        kind: 'email',
        scope: '',
        value: 'not an address',
        language: 'klingon!',
        country: 'usa',
        zone: 'Mars',
      }),
      person({ kind: 'phone', scope: '', value: 'call me', name: 'a\u0000b\ud800' }),
      person({ value: 'x'.repeat(5_000), name: 'n'.repeat(5_000) }),
      person({ value: '{"} \\ \' , null', name: '\\"{}' }),
    ]
    const first = await resolve(...odd)
    expect(first.map(answer => answer.created)).toEqual([true, true, true, true])
    expect(await resolve(...odd)).toEqual(first.map(answer => ({ ...answer, created: false })))
    expect(await read(first[0]!.customerId)).toMatchObject({ language: null, country: null, zone: null })
    expect(await read(first[1]!.customerId)).toMatchObject({ name: 'ab\ufffd' })
    expect(await read(first[3]!.customerId)).toMatchObject({ name: '\\"{}' })
  })
})

describe('resolving somebody known', () => {
  test('fills his blanks and overwrites nothing', async () => {
    const value = `filled-${app.unique()}`
    const { customerId } = await one({ value, language: 'de' })
    await one({ value, name: 'Erika', language: 'en' })
    await one({ value, name: 'Max', country: 'DE' })
    expect(await read(customerId)).toMatchObject({ name: 'Erika', language: 'de', country: 'DE' })
    const { rows } = await app.place.pool.query(
      'select name, payload from events where customer_id = $1 order by id',
      [customerId],
    )
    expect(rows.map(row => [row.name, row.payload.fields])).toEqual([
      ['customer.created', undefined],
      ['customer.changed', ['name']],
      ['customer.changed', ['country']],
    ])
  })

  test('follows him to the one he was merged into', async () => {
    const [a, b] = [person(), person()]
    const [from, into] = await resolve(a, b)
    await app.act(ctx => mergeCustomers(ctx, from!.customerId, into!.customerId))
    expect((await resolve(a))[0]).toMatchObject({
      customerId: into!.customerId,
      identityId: from!.identityId,
    })
  })

  test('while he is merged ends at one of the two, never at nobody', async () => {
    const [a, b] = [person(), person()]
    const [from, into] = await resolve(a, b)
    const answers = await Promise.all([
      ...Array.from({ length: 10 }, () => resolve({ ...a, name: 'Meanwhile' })),
      app.act(ctx => mergeCustomers(ctx, from!.customerId, into!.customerId)),
    ])
    for (const answer of answers.slice(0, 10) as { customerId: string }[][])
      expect([from!.customerId, into!.customerId]).toContain(answer[0]!.customerId)
    expect((await resolve(a))[0]!.customerId).toBe(into!.customerId)
  })
})

test('a batch of known people costs one statement', async () => {
  const people = Array.from({ length: 40 }, () => person({ name: 'Known', language: 'en' }))
  await resolve(...people)
  const query = vi.spyOn(pg.Client.prototype, 'query')
  await resolve(...people)
  const statements = query.mock.calls.map(([said]) =>
    typeof said === 'string' ? said : (said as unknown as { text: string }).text,
  )
  query.mockRestore()
  expect(statements.filter(statement => /identities|customers|facts/.test(statement))).toHaveLength(1)
})

describe('verified and unverified (R22)', () => {
  test('are two customers, whichever came first', async () => {
    for (const order of [
      [true, false],
      [false, true],
    ]) {
      const value = `same-${app.unique()}@example.com`
      const [first, second] = [
        await one({ kind: 'email', scope: '', value, verified: order[0]! }),
        await one({ kind: 'email', scope: '', value, verified: order[1]! }),
      ]
      expect(second.customerId).not.toBe(first.customerId)
      expect(await one({ kind: 'email', scope: '', value, verified: order[0]! })).toMatchObject({
        customerId: first.customerId,
      })
    }
  })

  test('are two in one batch as well', async () => {
    const value = `batch-${app.unique()}`
    const [first, second] = await resolve(
      person({ value, verified: true }),
      person({ value, verified: false }),
    )
    expect(second!.customerId).not.toBe(first!.customerId)
  })

  test('do not meet through what a visitor claims of himself', async () => {
    const email = `victim-${app.unique()}@example.com`
    const intruder = await one({ kind: 'visitor', verified: false })
    const other = await one({ kind: 'visitor', verified: false })
    await app.act(ctx =>
      noteContacts(
        ctx,
        [intruder, other].map(({ customerId }) => ({ customerId, email, source: 'web_chat' })),
      ),
    )
    const victim = await one({ kind: 'email', scope: '', value: email, verified: true })
    const stranger = await one({ kind: 'email', scope: '', value: email, verified: false })
    expect(new Set([intruder, other, victim, stranger].map(({ customerId }) => customerId)).size).toBe(4)
  })

  test('users of two shops with one id are two', async () => {
    const [a, b] = [
      await one({ kind: 'user', scope: 'shop-a', value: '7' }),
      await one({ kind: 'user', scope: 'shop-b', value: '7' }),
    ]
    expect(a.customerId).not.toBe(b.customerId)
  })
})

describe('what a visitor claims', () => {
  test('makes him known, is noted once, and is left out where it can be no address', async () => {
    const visitor = await one({ kind: 'visitor', verified: false })
    expect(await read(visitor.customerId)).toMatchObject({ anonymous: true })
    const said = {
      customerId: visitor.customerId,
      email: 'Me@Example.com',
      phone: 'none of your business',
      source: 'web_chat',
    }
    await app.act(ctx => noteContacts(ctx, [said, said]))
    await app.act(ctx => noteContacts(ctx, [said]))
    const known = await app.act(ctx =>
      ctx.db
        .select()
        .from(identities)
        .where(inArray(identities.customerId, [visitor.customerId]))
        .orderBy(identities.id),
    )
    expect(known.map(({ kind, value, isVerified }) => ({ kind, value, isVerified }))).toEqual([
      { kind: 'visitor', value: expect.any(String), isVerified: false },
      { kind: 'email', value: 'me@example.com', isVerified: false },
    ])
    expect(await read(visitor.customerId)).toMatchObject({ anonymous: false })
  })
})
