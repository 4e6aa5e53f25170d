import path from 'node:path'
import type { Query, SQL } from 'drizzle-orm'
import {
  drizzle,
  type NodePgQueryResultHKT,
  NodePgSession,
  NodePgTransaction,
} from 'drizzle-orm/node-postgres'
import { migrate as migrateWithDrizzle } from 'drizzle-orm/node-postgres/migrator'
import { type PgDatabase, PgDialect } from 'drizzle-orm/pg-core'
import pg from 'pg'

/** The pool outside a transaction, the transaction inside one. */
export type Db = PgDatabase<NodePgQueryResultHKT, Record<string, never>>

export type Connection =
  | { connectionString: string }
  | { host: string; user: string; database: string; port?: number; password?: string }

// Counts and identities stay below 2^53 here; strings for them would leak into every sum.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)

/**
 * Nothing may hang: a caller waits at most 4 s for a connection, a statement runs at most 8 s (a lock wait
 * 5 s), an idle transaction is ended after 20 s. Work that is known to take longer sets its own limit.
 *
 * Joins of more than four tables run as they are written: to weigh every order of the inbox's nine took
 * PostgreSQL 9 ms, the query itself half a one.
 */
export function openPool(connection: Connection, { max = 20, name = 'afar' } = {}) {
  const pool = new pg.Pool({
    ...connection,
    max,
    application_name: name,
    connectionTimeoutMillis: 4_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 8_000,
    query_timeout: 9_000,
    lock_timeout: 5_000,
    idle_in_transaction_session_timeout: 20_000,
    options: '-c join_collapse_limit=4',
    keepAlive: true,
  })
  // Without a listener a lost idle connection ends the process; the next query simply connects anew.
  pool.on('error', () => {})
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}

const casing = 'snake_case'
const dialect = new PgDialect({ casing })

export const openDb = (pool: pg.Pool): Db => drizzle(pool, { casing })

/**
 * A transaction on a connection of its own. Drizzle's (0.45.4) keeps the connection for ever where `begin` fails
 * on it, and tells that the rollback failed instead of why there was one.
 */
export async function inTransaction<T>(pool: pg.Pool, work: (db: Db) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let isBroken = false
  try {
    await client.query('begin')
    const session = new NodePgSession<Record<string, never>, Record<string, never>>(
      client,
      dialect,
      undefined,
    )
    const answer = await work(new NodePgTransaction(dialect, session, undefined))
    await client.query('commit')
    return answer
  } catch (error) {
    await client.query('rollback').catch(() => {
      isBroken = true
    })
    throw error
  } finally {
    client.release(isBroken)
  }
}

type Inside = {
  dialect: { sqlToQuery(query: SQL): Query }
  session: { prepareQuery(query: Query, fields: undefined, name: string, inArrays: false): Prepared }
}
type Prepared = { execute(): Promise<pg.QueryResult> }

/**
 * As `db.execute`, but planned once for each connection: for what runs many times a second. A name stands for one
 * text; what varies must be a parameter. The builder's own `.prepare(name).execute()` does the same.
 */
export function executeNamed<T extends pg.QueryResultRow>(
  db: Db,
  name: string,
  query: SQL,
): Promise<pg.QueryResult<T>> {
  const { dialect, session } = db as unknown as Inside
  return session.prepareQuery(dialect.sqlToQuery(query), undefined, name, false).execute()
}

/** Drizzle's migrator takes no lock, so two processes starting at once would collide. */
export async function migrate(connection: Connection) {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    await migrateWithDrizzle(drizzle(client), {
      migrationsFolder: path.join(import.meta.dirname, '../../migrations'),
    })
  } finally {
    await client.end()
  }
}

const migrationLock = 0x0afa_0001
