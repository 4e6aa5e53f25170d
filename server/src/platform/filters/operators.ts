import { type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import type { Field, FieldType } from './fields.ts'
import {
  dayOf,
  lastOf,
  nextOf,
  olderThan,
  periods,
  type Reader,
  type Stretch,
  spanUnits,
  stretchOf,
} from './times.ts'

/** Stand for ids that depend on who reads. */
export const readerWords = ['@me', '@my_teams'] as const

/**
 * What may be asked of a field. `sql` and `test` say the same of the same value; neither says yes of a value that
 * is not there, but for emptiness. `value` is the shape of what it is compared with, as it is kept.
 */
export type Operator = {
  types: readonly FieldType[]
  value: (field: Field) => z.ZodType | null
  sql: (x: SQL, value: never, reader: Reader, type: FieldType) => SQL
  test: (value: never, reader: Reader) => (x: never) => boolean
}

const operator = <V, X>(declared: {
  types: readonly FieldType[]
  value: ((field: Field) => z.ZodType<V>) | null
  sql: (x: SQL, value: V, reader: Reader, type: FieldType) => SQL
  test: (value: V, reader: Reader) => (x: X) => boolean
}): Operator => ({ ...declared, value: declared.value ?? (() => null) }) as unknown as Operator

/** One spelling of what is written differently: Ａ and a. PostgreSQL's ICU and JavaScript fold alike. */
const foldSql = (x: SQL) => sql`lower(normalize(${x}, NFKC) collate "und-x-icu")`
const fold = (text: string) => text.normalize('NFKC').toLowerCase()

/** PostgreSQL keeps no zero character and no half of a pair. */
const Line = z
  .string()
  .min(1)
  .max(1_000)
  .refine(text => text.isWellFormed() && !text.includes('\0'))

const aboutText = (
  toSql: (x: SQL, folded: SQL) => SQL,
  test: (x: string, folded: string) => boolean,
): Operator =>
  operator<string, string | null>({
    types: ['text'],
    value: () => Line,
    sql: (x, value) => toSql(foldSql(x), sql`${fold(value)}`),
    test: value => {
      const folded = fold(value)
      return x => x !== null && test(fold(x), folded)
    },
  })

const aboutNumber = (compare: SQL, test: (x: number, value: number) => boolean): Operator =>
  operator<number, number | null>({
    types: ['number'],
    value: () => z.number(),
    sql: (x, value) => sql`${x}::float8 ${compare} ${value}::float8`,
    test: value => x => x !== null && test(x, value),
  })

/** `x` in memory is milliseconds since 1970. */
const aboutInstant = <V>(value: z.ZodType<V>, stretch: (value: V, reader: Reader) => Stretch): Operator =>
  operator<V, number | null>({
    types: ['instant'],
    value: () => value,
    sql: (x, asked, reader) => withinSql(x, stretch(asked, reader)),
    test: (asked, reader) => {
      const within = stretch(asked, reader)
      return x => x !== null && isWithin(x, within)
    },
  })

function withinSql(x: SQL, stretch: Stretch): SQL {
  if (stretch === 'never') return sql`false`
  const { from, to } = stretch
  if (from && to) return sql`(${x} >= ${from}::timestamptz and ${x} < ${to}::timestamptz)`
  return from ? sql`${x} >= ${from}::timestamptz` : sql`${x} < ${to}::timestamptz`
}

const isWithin = (x: number, stretch: Stretch) =>
  stretch !== 'never' &&
  (stretch.from === null || x >= stretch.from.getTime()) &&
  (stretch.to === null || x < stretch.to.getTime())

const mostChoices = 200
const listOf = <T extends z.ZodType>(item: T) => z.array(item).min(1).max(mostChoices)

const Span = z.object({ n: z.number().int().min(1).max(10_000), unit: z.enum(spanUnits) })
const Moment = z.iso.datetime({ offset: true }).refine(isPlausible)
const Day = z.iso.date().refine(isPlausible)

/** PostgreSQL and JavaScript agree on these years, and nobody asks for others. */
function isPlausible(text: string) {
  const year = new Date(text).getUTCFullYear()
  return year >= 1900 && year < 2200
}

/** Positive ones; what denies them stands below. */
export const operators = {
  is: aboutText(
    (x, value) => sql`${x} = ${value}`,
    (x, value) => x === value,
  ),
  contains: aboutText(
    (x, value) => sql`position(${value} in ${x}) > 0`,
    (x, value) => x.includes(value),
  ),
  starts_with: aboutText(
    (x, value) => sql`starts_with(${x}, ${value})`,
    (x, value) => x.startsWith(value),
  ),
  equals: aboutNumber(sql`=`, (x, value) => x === value),
  above: aboutNumber(sql`>`, (x, value) => x > value),
  below: aboutNumber(sql`<`, (x, value) => x < value),
  before: aboutInstant(Moment, value => ({ from: null, to: new Date(value) })),
  after: aboutInstant(Moment, value => ({ from: new Date(Date.parse(value) + 1), to: null })),
  on: aboutInstant(Day, dayOf),
  within: aboutInstant(z.enum(periods), stretchOf),
  last: aboutInstant(Span, lastOf),
  next: aboutInstant(Span, nextOf),
  older_than: aboutInstant(Span, olderThan),
  is_true: operator<null, boolean | null>({
    types: ['boolean'],
    value: null,
    sql: x => sql`${x} is true`,
    test: () => x => x === true,
  }),
  in: operator<string[], string | null>({
    types: ['choice', 'reference'],
    value: field => listOf(memberOf(field)),
    sql: (x, value, reader, type) => {
      const list = sql.param(namedBy(value, reader))
      return type === 'reference' ? sql`${x} = any(${list}::uuid[])` : sql`${x} = any(${list}::text[])`
    },
    test: (value, reader) => {
      const list = new Set(namedBy(value, reader))
      return x => x !== null && list.has(x)
    },
  }),
  has_any: operator<string[], string[] | null>({
    types: ['words'],
    value: () => listOf(Line),
    sql: (x, value) => sql`${x} && ${sql.param(value)}::text[]`,
    test: value => x => value.some(word => x?.includes(word)),
  }),
  has_all: operator<string[], string[] | null>({
    types: ['words'],
    value: () => listOf(Line),
    sql: (x, value) => sql`${x} @> ${sql.param(value)}::text[]`,
    test: value => x => x !== null && value.every(word => x.includes(word)),
  }),
  is_empty: operator<null, string | string[] | number | null>({
    types: ['text', 'number', 'instant', 'choice', 'reference', 'words'],
    value: null,
    sql: (x, _, __, type) =>
      type === 'text'
        ? sql`coalesce(${x}, '') = ''`
        : type === 'words'
          ? sql`coalesce(cardinality(${x}), 0) = 0`
          : sql`${x} is null`,
    test: () => x => x === null || x === '' || (Array.isArray(x) && x.length === 0),
  }),
} as const satisfies Record<string, Operator>

/** Each is true exactly where the other is not, also of what is not there. */
export const denials: Record<string, keyof typeof operators> = {
  is_not: 'is',
  not_contains: 'contains',
  not_equals: 'equals',
  is_false: 'is_true',
  not_in: 'in',
  has_none: 'has_any',
  is_set: 'is_empty',
}

export type OperatorName = keyof typeof operators | keyof typeof denials

/** The operator behind a name, and whether the name denies it; undefined where it does not suit the type. */
export function findOperator(
  name: string,
  type: FieldType,
): { operator: Operator; denied: boolean } | undefined {
  const denied = Object.hasOwn(denials, name)
  const positive = denied ? denials[name]! : name
  if (!Object.hasOwn(operators, positive)) return undefined
  const found: Operator = operators[positive as keyof typeof operators]
  return found.types.includes(type) ? { operator: found, denied } : undefined
}

/** All names, in the order a builder offers them. */
export const operatorsOf = (type: FieldType): string[] =>
  [...Object.keys(operators), ...Object.keys(denials)].filter(name => findOperator(name, type))

const memberOf = (field: Field): z.ZodType<string> =>
  field.type === 'choice'
    ? field.choices
      ? z.enum(field.choices as [string, ...string[]])
      : Line
    : z.union([z.uuid(), z.enum(readerWords)])

const namedBy = (value: readonly string[], reader: Reader): string[] =>
  value.flatMap(id =>
    id === '@me' ? (reader.id ? [reader.id] : []) : id === '@my_teams' ? reader.teamIds : [id.toLowerCase()],
  )
