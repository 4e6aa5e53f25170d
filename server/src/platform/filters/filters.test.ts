import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../../test/database.ts'
import type { Actor } from '../context.ts'
import { openDb, openPool } from '../db.ts'
import { Refusal } from '../errors.ts'
import { askedSql, conditionSql, conditionTest } from './compile.ts'
import { type Condition, checkCondition, readCondition } from './conditions.ts'
import { type Field, recordKindsOf } from './fields.ts'
import type { Reader } from './times.ts'

const database = await createTestDatabase()
const pool = openPool(database.connection)
const db = openDb(pool)
afterAll(async () => {
  await pool.end()
  await database.drop()
})

const words = ['vip', 'late', 'Ä b', "o'", '{}']
const ids = Array.from({ length: 4 }, (_, n) => `018f0000-0000-7000-8000-00000000000${n}`)
const field = (code: string, type: Field['type'], table: string, more: Partial<Field> = {}): Field => ({
  code,
  type,
  zh: code,
  en: code,
  sql: sql.raw(`${table}."${code}"`),
  ...more,
})
const fieldsOn = (table: string) => [
  field('name', 'text', table),
  field('size', 'number', table),
  field('at', 'instant', table),
  field('done', 'boolean', table),
  field('state', 'choice', table, { choices: ['new', 'open'] }),
  field('owner', 'reference', table, { of: 'staff' }),
  field('tags', 'words', table),
]
const kind = recordKindsOf([
  { record: 'thing', fields: fieldsOn('things') },
  {
    record: 'thing',
    relations: [
      {
        code: 'parts',
        zh: '部件',
        en: 'parts',
        from: sql.raw('parts where parts.thing_id = things.id'),
        fields: fieldsOn('parts'),
      },
    ],
  },
  { record: 'thing', fields: [field('secret', 'text', 'things', { permission: 'secrets:read' })] },
]).get('thing')!

const columns = `name text, size float8, at timestamptz(3), done boolean, state text, owner uuid, tags text[], secret text`
await pool.query(`create table things (id int primary key, ${columns})`)
await pool.query(`create table parts (thing_id int, ${columns})`)

const actor: Actor = {
  kind: 'staff',
  id: ids[0]!,
  name: 'x',
  permissions: new Set<string>(),
  storeIds: 'all',
}
const now = new Date('2026-03-29T00:30:00Z')
const readerAt = (zone: string): Reader => ({
  id: ids[0]!,
  teamIds: [ids[1]!, ids[2]!],
  now,
  zone,
  businessAgo: ms => (ms > 100 * 3_600_000 ? null : new Date(now.getTime() - 3 * ms)),
})

const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 5 })
const text = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(
      'Straße',
      'STRASSE',
      'ＡＢＣ',
      'abc',
      'İ',
      'i',
      'Σίσυφος',
      '退款',
      '%_',
      "' or 1=1 --",
      '',
    ),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 6 }) },
)
/** On the very edge of a day, an hour, a span, or beside it, as often as elsewhere. */
const edges = [0, -24, -23, 24, -72, -1, -3].map(hours => now.getTime() + hours * 3_600_000)
const midnights = [
  '2026-03-29T00:00Z',
  '2026-03-28T16:00Z',
  '2026-03-29T04:00Z',
  '2026-03-28T05:00Z',
  '2026-03-22T16:00Z',
]
const moment = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(...edges, ...midnights.map(Date.parse)), fc.constantFrom(-1, 0, 0, 1))
      .map(([edge, ms]) => edge + ms),
  },
  { weight: 1, arbitrary: fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2040-01-01') }) },
)
const row = fc.record({
  name: nullable(text),
  size: nullable(
    fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  ),
  at: nullable(moment),
  done: nullable(fc.boolean()),
  state: nullable(fc.constantFrom('new', 'open')),
  owner: nullable(fc.constantFrom(...ids)),
  tags: nullable(fc.uniqueArray(fc.constantFrom(...words))),
})
const thing = fc.record({ own: row, parts: fc.array(row, { maxLength: 3 }) })

const span = fc.record({
  n: fc.oneof(fc.constantFrom(1, 2, 3, 24), fc.integer({ min: 1, max: 200 })),
  unit: fc.constantFrom('minutes', 'hours', 'days', 'business_hours'),
})
const filled = text.filter(value => value !== '')
const iso = moment.map(ms => new Date(ms).toISOString())
const asked: Record<string, fc.Arbitrary<[string[], fc.Arbitrary<unknown>]>> = Object.fromEntries(
  Object.entries({
    name: [
      [['is', 'is_not', 'contains', 'not_contains', 'starts_with'], filled],
      [['is_empty', 'is_set'], null],
    ],
    size: [
      [['equals', 'not_equals', 'above', 'below'], fc.integer({ min: -3, max: 3 })],
      [['is_empty', 'is_set'], null],
    ],
    at: [
      [['before', 'after'], iso],
      [['on'], iso.map(value => value.slice(0, 10))],
      [
        ['within'],
        fc.constantFrom(
          'today',
          'yesterday',
          'tomorrow',
          'this_week',
          'last_week',
          'this_month',
          'last_month',
        ),
      ],
      [['last', 'next', 'older_than'], span],
      [['is_empty', 'is_set'], null],
    ],
    done: [[['is_true', 'is_false'], null]],
    state: [
      [['in', 'not_in'], fc.uniqueArray(fc.constantFrom('new', 'open'), { minLength: 1 })],
      [['is_empty', 'is_set'], null],
    ],
    owner: [
      [['in', 'not_in'], fc.uniqueArray(fc.constantFrom(...ids, '@me', '@my_teams'), { minLength: 1 })],
      [['is_empty', 'is_set'], null],
    ],
    tags: [
      [['has_any', 'has_all', 'has_none'], fc.uniqueArray(fc.constantFrom(...words), { minLength: 1 })],
      [['is_empty', 'is_set'], null],
    ],
  } as Record<string, [string[], fc.Arbitrary<unknown> | null][]>).map(([code, options]) => [
    code,
    fc.constantFrom(
      ...options.map(
        ([names, value]) => [names, value ?? fc.constant(undefined)] as [string[], fc.Arbitrary<unknown>],
      ),
    ),
  ]),
)
const question = fc
  .constantFrom(...Object.keys(asked))
  .chain(code =>
    asked[code]!.chain(([names, value]) =>
      fc.record({ field: fc.constant(code), is: fc.constantFrom(...names), value }),
    ),
  )
const conditionOf = (leaf: fc.Arbitrary<unknown>) =>
  fc.letrec(tie => ({
    node: fc.oneof(
      { maxDepth: 3, depthIdentifier: 'conditions' },
      leaf,
      fc.record({ all: fc.array(tie('node'), { maxLength: 3 }) }),
      fc.record({ any: fc.array(tie('node'), { maxLength: 3 }) }),
      fc.record({ not: tie('node') }),
    ),
  })).node
const condition = conditionOf(
  fc.oneof(
    { weight: 4, arbitrary: question },
    {
      weight: 1,
      arbitrary: fc.record({
        some: fc.constant('parts'),
        where: conditionOf(question),
        atLeast: fc.integer({ min: 1, max: 3 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ none: fc.constant('parts'), where: conditionOf(question) }) },
  ),
)

type Row = { [column: string]: unknown }
const insert = (table: string, key: string, rows: readonly Row[]) =>
  pool.query(
    `insert into ${table} (${key}, name, size, at, done, state, owner, tags)
     select ${key}, name, size, to_timestamp(at / 1000.0), done, state, owner, tags
     from jsonb_to_recordset($1) as t(${key} int, name text, size float8, at float8, done boolean, state text, owner uuid, tags text[])`,
    [JSON.stringify(rows)],
  )

describe('a condition', () => {
  test('says of random records in memory what it says of them in SQL', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(thing, { minLength: 5, maxLength: 20 }),
        fc.array(condition, { minLength: 3, maxLength: 6 }),
        fc.constantFrom('Asia/Shanghai', 'America/New_York', 'Europe/London', 'Pacific/Apia'),
        async (things, conditions, zone) => {
          await pool.query('truncate things, parts')
          await insert(
            'things',
            'id',
            things.map(({ own }, id) => ({ id, ...own })),
          )
          await insert(
            'parts',
            'thing_id',
            things.flatMap(({ parts }, id) => parts.map(part => ({ thing_id: id, ...part }))),
          )
          const reader = readerAt(zone)
          for (const raw of conditions) {
            const checked = checkCondition(kind, actor, raw)
            const { rows } = await db.execute<{ id: number; holds: boolean; asked: Row }>(
              sql`select id, (${conditionSql(kind, checked, reader)}) is true as holds, ${askedSql(kind, checked)} as asked from things order by id`,
            )
            const holds = conditionTest(kind, checked, reader)
            const inMemory = rows.filter(({ asked }) => holds(asked)).map(({ id }) => id)
            const inSql = rows.filter(({ holds }) => holds).map(({ id }) => id)
            expect(inMemory, JSON.stringify(checked)).toEqual(inSql)
          }
        },
      ),
      { numRuns: 150 },
    )
  })

  /** Read at 00:30 in London, where the clock goes forward half an hour later; 08:30 in Shanghai. */
  test.each([
    ['at', 'within', 'today', 'Europe/London', '2026-03-29T00:00Z', '2026-03-29T23:00Z'],
    ['at', 'within', 'today', 'Asia/Shanghai', '2026-03-28T16:00Z', '2026-03-29T16:00Z'],
    ['at', 'within', 'yesterday', 'America/New_York', '2026-03-27T04:00Z', '2026-03-28T04:00Z'],
    ['at', 'within', 'tomorrow', 'Europe/London', '2026-03-29T23:00Z', '2026-03-30T23:00Z'],
    ['at', 'within', 'this_week', 'Europe/London', '2026-03-23T00:00Z', '2026-03-29T23:00Z'],
    ['at', 'within', 'last_month', 'Asia/Shanghai', '2026-01-31T16:00Z', '2026-02-28T16:00Z'],
    ['at', 'on', '2026-03-29', 'Europe/London', '2026-03-29T00:00Z', '2026-03-29T23:00Z'],
    ['at', 'last', { n: 7, unit: 'days' }, 'Asia/Shanghai', '2026-03-22T16:00Z', '2026-03-29T00:30:00.001Z'],
    ['at', 'last', { n: 2, unit: 'hours' }, 'Asia/Shanghai', '2026-03-28T22:30Z', '2026-03-29T00:30:00.001Z'],
    ['at', 'last', { n: 2, unit: 'business_hours' }, 'UTC', '2026-03-28T18:30Z', '2026-03-29T00:30:00.001Z'],
    ['at', 'next', { n: 1, unit: 'days' }, 'Europe/London', '2026-03-29T00:30:00.001Z', '2026-03-29T23:00Z'],
    ['at', 'next', { n: 30, unit: 'minutes' }, 'UTC', '2026-03-29T00:30:00.001Z', '2026-03-29T01:00Z'],
    ['at', 'older_than', { n: 1, unit: 'days' }, 'UTC', null, '2026-03-28T00:30Z'],
    ['at', 'older_than', { n: 5, unit: 'business_hours' }, 'UTC', null, '2026-03-28T09:30Z'],
    ['at', 'after', '2026-03-29T00:30:00Z', 'UTC', '2026-03-29T00:30:00.001Z', null],
    ['at', 'before', '2026-03-29T00:30:00+08:00', 'UTC', null, '2026-03-28T16:30Z'],
  ] as const)('that %s %s %j, read in %s, begins and ends at the millisecond', (field, is, value, zone, from, to) => {
    const holds = conditionTest(kind, checkCondition(kind, actor, { field, is, value }), readerAt(zone))
    const at = (iso: string, ms: number) => holds({ at: Date.parse(iso) + ms })
    if (from) expect([at(from, -1), at(from, 0)]).toEqual([false, true])
    if (to) expect([at(to, -1), at(to, 0)]).toEqual([true, false])
  })

  const ask = (question: unknown) => checkCondition(kind, actor, question)
  const refusal = (question: unknown) => {
    try {
      ask(question)
    } catch (error) {
      if (error instanceof Refusal)
        return [error.status, error.code, (error.details as { path: string }).path]
      throw error
    }
  }
  const nested = (depth: number): unknown => (depth === 0 ? { all: [] } : { not: nested(depth - 1) })

  test.each([
    ['nothing', null, 'malformed_condition', 'condition'],
    ['a list', [], 'malformed_condition', 'condition'],
    ['two things at once', { all: [], any: [] }, 'malformed_condition', 'condition'],
    ['a group that is none', { all: {} }, 'malformed_condition', 'condition.all'],
    [
      'an unknown field',
      { any: [{ field: 'nme', is: 'is', value: 'x' }] },
      'unknown_field',
      'condition.any.0.field',
    ],
    ['an inherited name', { field: 'constructor', is: 'is', value: 'x' }, 'unknown_field', 'condition.field'],
    ['an inherited operator', { field: 'name', is: 'toString' }, 'unknown_operator', 'condition.is'],
    [
      'an operator of another type',
      { field: 'name', is: 'above', value: 1 },
      'unknown_operator',
      'condition.is',
    ],
    ['a number as text', { field: 'size', is: 'above', value: '1' }, 'wrong_value', 'condition.value'],
    ['text with a zero in it', { field: 'name', is: 'is', value: 'a\0' }, 'wrong_value', 'condition.value'],
    ['half a pair', { field: 'name', is: 'is', value: '\ud800' }, 'wrong_value', 'condition.value'],
    ['a day that is none', { field: 'at', is: 'on', value: '2026-02-30' }, 'wrong_value', 'condition.value'],
    [
      'a year beyond reason',
      { field: 'at', is: 'before', value: '9999-01-01T00:00:00Z' },
      'wrong_value',
      'condition.value',
    ],
    [
      'an id that is none',
      { field: 'owner', is: 'in', value: ["' or true"] },
      'wrong_value',
      'condition.value',
    ],
    [
      'a word that is no choice',
      { field: 'state', is: 'in', value: ['gone'] },
      'wrong_value',
      'condition.value',
    ],
    ['an empty list', { field: 'tags', is: 'has_any', value: [] }, 'wrong_value', 'condition.value'],
    ['an unknown relation', { some: 'wheels' }, 'unknown_relation', 'condition.some'],
    [
      'a relation of a relation',
      { some: 'parts', where: { some: 'parts' } },
      'unknown_relation',
      'condition.where.some',
    ],
    ['part of a record', { some: 'parts', atLeast: 0.5 }, 'wrong_value', 'condition.atLeast'],
    ['too deep', nested(9), 'condition_too_deep', `condition${'.not'.repeat(9)}`],
    [
      'too long',
      { all: Array.from({ length: 300 }, () => ({ field: 'name', is: 'is_set' })) },
      'condition_too_long',
      'condition.all.199',
    ],
    ['what he may not know of', { field: 'secret', is: 'is_set' }, 'unknown_field', 'condition.field'],
  ])('of %s is refused, and says where', (_, input, code, path) => {
    expect(refusal(input)).toEqual([422, code, path])
  })

  test('about what only some may see is theirs to ask', () => {
    const allowed = { ...actor, permissions: new Set(['secrets:read']) }
    expect(checkCondition(kind, allowed, { field: 'secret', is: 'is_set' })).toEqual({
      field: 'secret',
      is: 'is_set',
    })
  })

  test('keeps nothing of what it does not know', () => {
    expect(ask({ field: 'name', is: 'is_set', value: 'left over', more: 1 })).toEqual({
      field: 'name',
      is: 'is_set',
    })
  })

  test('that lost a field is read without it, and says so', () => {
    const known = { field: 'name', is: 'is', value: 'x' }
    const lost = { field: 'gone', is: 'is', value: 'x' }
    const read = (input: unknown) => readCondition(kind, actor, input)
    expect(read({ all: [known, lost] })).toEqual({
      condition: { all: [known] },
      problems: [{ path: 'condition.all.1.field', code: 'unknown_field' }],
    })
    expect(
      read({ all: [known, { not: lost }, { any: [lost] }, { some: 'parts', where: lost }] }).condition,
    ).toEqual({
      all: [known],
    })
    expect(read(lost).condition).toEqual({ all: [] })
  })

  test('never becomes anything but parameters', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.string({ unit: 'binary' }), async (json, value) => {
        const inputs = [
          JSON.parse(json),
          { field: 'name', is: 'contains', value },
          { field: 'tags', is: 'has_any', value: [value] },
        ]
        for (const input of inputs) {
          let checked: Condition
          try {
            checked = ask(input)
          } catch (error) {
            expect(error).toBeInstanceOf(Refusal)
            continue
          }
          await db.execute(sql`select 1 from things where ${conditionSql(kind, checked, readerAt('UTC'))}`)
        }
      }),
      { numRuns: 100 },
    )
  })
})
