import { type SQL, sql } from 'drizzle-orm'
import type { Condition } from './conditions.ts'
import { type Field, findField, type RecordKind, type Relation } from './fields.ts'
import { findOperator } from './operators.ts'
import type { Reader } from './times.ts'

/**
 * A checked condition as SQL over the record's own table. What is not there answers no question but that of
 * emptiness, so a null counts as no, also where the answer is turned around.
 */
export function conditionSql(kind: RecordKind, condition: Condition, reader: Reader): SQL {
  return toSql(kind, condition, reader)
}

/** What of a record a condition asks for, as one JSON expression over its table; `conditionTest` reads it. */
export function askedSql(kind: RecordKind, condition: Condition): SQL {
  return objectSql(kind, condition)
}

/** The same as `conditionSql`, of one record as `askedSql` gives it. */
export function conditionTest(
  kind: RecordKind,
  condition: Condition,
  reader: Reader,
): (record: Asked) => boolean {
  return toTest(kind, condition, reader)
}

export type Asked = { [code: string]: unknown }

type Scope = Pick<RecordKind, 'fields' | 'own'> & { relations?: readonly Relation[] }

function toSql(scope: Scope, condition: Condition, reader: Reader): SQL {
  if ('all' in condition) return joined(condition.all, sql` and `, sql`true`)
  if ('any' in condition) return joined(condition.any, sql` or `, sql`false`)
  if ('not' in condition) return sql`(${toSql(scope, condition.not, reader)}) is not true`
  if ('field' in condition) {
    const field = fieldOf(scope, condition.field)
    const { operator, denied } = findOperator(condition.is, field.type)!
    const positive = operator.sql(field.sql, condition.value as never, reader, field.type)
    return denied ? sql`(${positive}) is not true` : positive
  }
  const relation = relationOf(scope, 'some' in condition ? condition.some : condition.none)
  const where = toSql(relation, condition.where ?? { all: [] }, reader)
  const rows = sql`select 1 from ${relation.from} and (${where})`
  if ('none' in condition) return sql`not exists (${rows})`
  const { atLeast = 1 } = condition
  return atLeast === 1
    ? sql`exists (${rows})`
    : sql`(select count(*) from (${rows} limit ${atLeast}) as few) >= ${atLeast}`

  function joined(parts: Condition[], by: SQL, none: SQL): SQL {
    if (parts.length === 0) return none
    return sql`(${sql.join(
      parts.map(part => toSql(scope, part, reader)),
      by,
    )})`
  }
}

function toTest(scope: Scope, condition: Condition, reader: Reader): (record: Asked) => boolean {
  if ('all' in condition) {
    const tests = condition.all.map(part => toTest(scope, part, reader))
    return record => tests.every(test => test(record))
  }
  if ('any' in condition) {
    const tests = condition.any.map(part => toTest(scope, part, reader))
    return record => tests.some(test => test(record))
  }
  if ('not' in condition) {
    const test = toTest(scope, condition.not, reader)
    return record => !test(record)
  }
  if ('field' in condition) {
    const { code, type } = fieldOf(scope, condition.field)
    const { operator, denied } = findOperator(condition.is, type)!
    const test = operator.test(condition.value as never, reader)
    return record => test((record[code] ?? null) as never) !== denied
  }
  const relation = relationOf(scope, 'some' in condition ? condition.some : condition.none)
  const test = toTest(relation, condition.where ?? { all: [] }, reader)
  const least = 'none' in condition ? 1 : (condition.atLeast ?? 1)
  const isDenied = 'none' in condition
  return record => {
    const rows = record[relation.code] as readonly Asked[]
    return rows.filter(test).length >= least !== isDenied
  }
}

function objectSql(scope: Scope, ...conditions: Condition[]): SQL {
  const { fields, relations } = askedBy(scope, conditions)
  const pairs = [...fields]
    .map(field => sql`${sql.raw(quoted(field.code))}, ${jsonSql(field)}`)
    .concat(
      [...relations].map(
        ([relation, wheres]) =>
          sql`${sql.raw(quoted(relation.code))}, (select coalesce(jsonb_agg(${objectSql(relation, ...wheres)}), '[]'::jsonb) from ${relation.from})`,
      ),
    )
  const objects = chunksOf(pairs, mostPairs).map(some => sql`jsonb_build_object(${sql.join(some, sql`, `)})`)
  return objects.length > 0 ? sql`(${sql.join(objects, sql` || `)})` : sql`'{}'::jsonb`
}

/** A function of PostgreSQL takes a hundred arguments. */
const mostPairs = 50

const chunksOf = <T>(list: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, n) => list.slice(n * size, (n + 1) * size))

function askedBy(scope: Scope, conditions: readonly Condition[]) {
  const fields = new Set<Field>()
  const relations = new Map<Relation, Condition[]>()
  const look = (condition: Condition): void => {
    if ('all' in condition) condition.all.forEach(look)
    else if ('any' in condition) condition.any.forEach(look)
    else if ('not' in condition) look(condition.not)
    else if ('field' in condition) fields.add(fieldOf(scope, condition.field))
    else {
      const relation = relationOf(scope, 'some' in condition ? condition.some : condition.none)
      relations.set(relation, [...(relations.get(relation) ?? []), condition.where ?? { all: [] }])
    }
  }
  conditions.forEach(look)
  return { fields, relations }
}

/** JSON has no moments; in memory they are milliseconds since 1970. */
const jsonSql = ({ type, sql: x }: Field): SQL =>
  type === 'instant'
    ? sql`(extract(epoch from ${x}) * 1000)::float8`
    : type === 'number'
      ? sql`${x}::float8`
      : x

const fieldOf = (scope: Scope, code: string): Field => findField(scope, code)!
const relationOf = (scope: Scope, code: string): Relation =>
  scope.relations!.find(relation => relation.code === code)!

const quoted = (code: string) => `'${code.replaceAll("'", "''")}'`
