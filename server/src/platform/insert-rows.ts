import { hash } from 'node:crypto'
import { getTableColumns, getTableName, type SQL, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { type Db, executeNamed } from './db.ts'

/**
 * Inserts many rows as one parameter: a list of values costs the query builder more than it costs PostgreSQL to
 * store them. All rows have the keys of the first; a column none of them names takes its default. Not for bytea,
 * nor for text that JSON cannot carry (NUL, half a surrogate pair).
 */
export const insertRows = <T extends PgTable>(db: Db, table: T, rows: readonly T['$inferInsert'][]) =>
  insertTogether(db, into(table, rows))

/** The same for several tables in one statement, for each costs a way to the database and back. */
export async function insertTogether(db: Db, ...inserts: readonly Insert[]): Promise<void> {
  const [last, ...others] = inserts.filter(({ rows }) => rows.length > 0).reverse()
  if (!last) return
  const before = others.map((insert, n) => sql`${sql.raw(`into_${n}`)} as (${valuesOf(insert)})`)
  const query = before.length > 0 ? sql`with ${sql.join(before, sql`, `)} ${valuesOf(last)}` : valuesOf(last)
  const name = hash('sha1', [last, ...others].map(({ shape }) => shape.into).join())
  await executeNamed(db, `insert ${name}`, query)
}

export const into = <T extends PgTable>(table: T, rows: readonly T['$inferInsert'][]): Insert => ({
  rows,
  shape: shapeOf(table, Object.keys(rows[0] ?? {})),
})

type Insert = { rows: readonly unknown[]; shape: Shape }
type Shape = { into: string; select: SQL; as: SQL }

const valuesOf = ({ rows, shape }: Insert) => sql`${shape.select} ${JSON.stringify(rows)} ${shape.as}`

const shapes = new WeakMap<PgTable, Map<string, Shape>>()

/** Always the same few, and the naming of columns took as long as the rest of an insert. */
function shapeOf(table: PgTable, keys: readonly string[]): Shape {
  const known = shapes.get(table) ?? new Map<string, Shape>()
  shapes.set(table, known)
  const shape = known.get(keys.join()) ?? draw(table, keys)
  known.set(keys.join(), shape)
  return shape
}

function draw(table: PgTable, keys: readonly string[]): Shape {
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => keys.includes(key))
  const names = columns.map(([key]) => `"${toSnakeCase(key)}"`)
  const types = columns.map(([key, column]) => `"${key}" ${column.getSQLType()}`)
  const given = columns.map(([key]) => `"${key}"`)
  const target = `${getTableName(table)} (${names})`
  return {
    into: target,
    select: sql.raw(`insert into ${target} select ${given} from json_to_recordset(`),
    as: sql.raw(`::json) as given(${types.join()})`),
  }
}

const toSnakeCase = (key: string) => key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
