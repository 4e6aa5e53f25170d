import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { readConfig } from '../src/config.ts'
import { findHolder, holdDataFolder } from '../src/platform/data-folder.ts'
import { type Connection, migrate, openPool } from '../src/platform/db.ts'
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres.ts'
import { readPidFile } from '../src/platform/postgres-server.ts'
import { isAlive, isPostgresOn } from '../src/platform/processes.ts'
import { migrateQueue } from '../src/platform/queue.ts'
import { type Place, withDatabase } from './database.ts'

const folderPrefix = path.join(os.tmpdir(), 'afar-test-')
const databasePrefix = 'afar_test_'

/** One PostgreSQL for the whole run, with one migrated template that every test file copies. */
export default async function setup(project: TestProject) {
  const { testDatabaseUrl } = readConfig()
  const server = testDatabaseUrl ? useServer(testDatabaseUrl) : await startServer()

  const name = `${databasePrefix}${process.pid}`
  const place: Place = { ...server.place, template: `${name}_template`, prefix: `${name}_` }
  const admin = new pg.Client(place.admin)
  const stop = async () => {
    await admin.end()
    await server.stop()
  }
  try {
    await admin.connect()
    await dropLeftovers(admin)
    await admin.query(`create database ${place.template} owner ${place.ownerRole}`)
    await fillTemplate(withDatabase(place.admin, place.template), withDatabase(place.owner, place.template))
    project.provide('place', place)
  } catch (error) {
    await stop()
    throw error
  }

  return async () => {
    await dropDatabases(admin, database => database.startsWith(place.prefix))
    await stop()
  }
}

function useServer(connectionString: string) {
  const connection = { connectionString }
  return { place: { admin: connection, owner: connection, ownerRole: 'default' }, stop: async () => {} }
}

async function startServer() {
  await removeLeftFolders()
  const dir = fs.mkdtempSync(folderPrefix)
  const hold = await holdDataFolder(dir)
  // Nothing here outlives the run, so it need not survive a power cut: the disk would cost half the time.
  const postgres = await startEmbeddedPostgres({ dir, isDurable: false })
  return {
    place: { admin: postgres.superuser, owner: postgres.connection, ownerRole: 'afar' },
    async stop() {
      await postgres.stop()
      hold.release()
      fs.rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function fillTemplate(admin: Connection, owner: Connection) {
  const client = new pg.Client(admin)
  await client.connect()
  await client.query('create extension if not exists pg_trgm')
  await client.end()

  await migrate(owner)
  const pool = openPool(owner, { max: 1 })
  await migrateQueue(pool)
  await pool.end()
}

/** A run that was killed leaves its server running and its folder behind. */
async function removeLeftFolders() {
  const parent = path.dirname(folderPrefix)
  const left = fs.readdirSync(parent).filter(name => name.startsWith(path.basename(folderPrefix)))
  for (const dir of left.map(name => path.join(parent, name))) {
    const isNew = Date.now() - fs.statSync(dir).ctimeMs < 10_000
    if (isNew || findHolder(dir)) continue
    const dataDir = path.join(dir, 'postgres', 'data')
    const pid = readPidFile(dataDir)?.pid
    if (pid && isPostgresOn(pid, dataDir)) process.kill(pid, 'SIGQUIT')
    fs.rmSync(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
  }
}

function dropLeftovers(admin: pg.Client) {
  return dropDatabases(
    admin,
    database => !isAlive(Number(database.slice(databasePrefix.length).split('_')[0])),
  )
}

async function dropDatabases(admin: pg.Client, isUnwanted: (database: string) => boolean) {
  const { rows } = await admin.query('select datname from pg_database where starts_with(datname, $1)', [
    databasePrefix,
  ])
  for (const { datname } of rows.filter(row => isUnwanted(row.datname))) {
    await admin.query(`drop database if exists ${datname} with (force)`)
  }
}
