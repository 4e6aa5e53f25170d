import { hash } from 'node:crypto'
import { getTableColumns, getTableName, sql } from 'drizzle-orm'
import type { PgTable } from 'drizzle-orm/pg-core'
import { type Db, executeNamed } from './db.ts'

/**
 * Inserts many rows as one parameter: a list of values costs the query builder more than it costs PostgreSQL to
 * store them. All rows have the keys of the first; a column none of them names takes its default. Not for bytea,
 * nor for text that JSON cannot carry (NUL, half a surrogate pair).
 */
export async function insertRows<T extends PgTable>(
  db: Db,
  table: T,
  rows: readonly T['$inferInsert'][],
): Promise<void> {
  const [first] = rows
  if (!first) return
  const columns = Object.entries(getTableColumns(table)).filter(([key]) => key in first)
  const names = columns.map(([key]) => `"${toSnakeCase(key)}"`)
  const shape = columns.map(([key, column]) => `"${key}" ${column.getSQLType()}`)
  const given = columns.map(([key]) => `"${key}"`)
  const into = `${getTableName(table)} (${names})`
  await executeNamed(
    db,
    `insert ${hash('sha1', into)}`,
    sql`${sql.raw(`insert into ${into} select ${given}`)}
    from json_to_recordset(${JSON.stringify(rows)}::json) as given(${sql.raw(shape.join())})`,
  )
}

const toSnakeCase = (key: string) => key.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
