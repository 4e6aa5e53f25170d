import pg from 'pg'
import { inject } from 'vitest'
import type { Connection } from '../src/platform/db.ts'

export type Place = {
  /** May create databases. */
  admin: Connection
  /** Owns the databases it works in, and nothing else. */
  owner: Connection
  ownerRole: string
  template: string
  prefix: string
}

declare module 'vitest' {
  interface ProvidedContext {
    place: Place
  }
}

let made = 0

/** A migrated, empty database of the caller's own; one per test file is the rule. */
export async function createTestDatabase() {
  const place = inject('place')
  const name = `${place.prefix}${process.pid}_${++made}`
  await administer(place, `create database ${name} template ${place.template} owner ${place.ownerRole}`)
  return {
    connection: withDatabase(place.owner, name),
    drop: () => administer(place, `drop database if exists ${name} with (force)`),
  }
}

export function withDatabase(connection: Connection, database: string): Connection {
  if (!('connectionString' in connection)) return { ...connection, database }
  const url = new URL(connection.connectionString)
  url.pathname = `/${database}`
  return { connectionString: url.href }
}

async function administer(place: Place, sql: string) {
  const client = new pg.Client(place.admin)
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
