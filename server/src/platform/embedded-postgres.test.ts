import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { databaseUser, holdDataFolder } from './data-folder.ts'
import { findEmbeddedConnection, startEmbeddedPostgres } from './embedded-postgres.ts'
import { findBinaries } from './postgres-binaries.ts'
import { isAlive } from './processes.ts'

const isRoot = process.getuid?.() === 0
const undo: (() => unknown)[] = []
let pristine = ''

beforeAll(async () => {
  pristine = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-embedded-'))
  await (await startEmbeddedPostgres({ dir: pristine })).stop()
})
afterAll(() => fs.rmSync(pristine, { recursive: true, force: true }))

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step()
})

describe('the embedded database', () => {
  test('keeps its rows from one start to the next', async () => {
    const dir = temporaryFolder()
    const first = await start(dir)
    await query(first.connection, `create table notes as select '退货' as text`)
    await first.stop()
    const second = await start(dir)
    expect(await query(second.connection, 'select text from notes')).toEqual([{ text: '退货' }])
  })

  test('lets the application own its database, but not be a superuser', async () => {
    const { connection } = await start(temporaryFolder())
    const [row] = await query(
      connection,
      `select current_setting('is_superuser') as super, current_setting('fsync') as fsync,
        similarity('Müller', 'MÜLLER') as alike, cardinality(show_trgm('退货')) > 0 as chinese,
        (select count(*)::int from pg_database where datdba = current_user::regrole) as owned`,
    )
    expect(row).toEqual({ super: 'off', fsync: 'on', alike: 1, chinese: true, owned: 1 })
  })

  test('is not reachable over the network', async () => {
    const { connection } = await start(temporaryFolder())
    expect(await query(connection, 'show listen_addresses')).toEqual([{ listen_addresses: '' }])
    expect(fs.statSync(connection.host).mode & 0o077).toBe(0)
  })

  test('is there again, rows and all, after its holder was killed', async () => {
    const dir = temporaryFolder()
    const holder = await startHolder(dir)
    const connection = findEmbeddedConnection(dir)
    if (!connection) throw new Error('the holder has no database')
    await query(connection, 'create table notes as select 7 as number')
    holder.process.kill('SIGKILL')
    await holder.ended
    expect(isAlive(holder.postgres)).toBe(true)

    await hold(dir)
    const told: string[] = []
    const again = await start(dir, { say: sentence => told.push(sentence) })
    expect(await query(again.connection, 'select number from notes')).toEqual([{ number: 7 }])
    expect(isAlive(holder.postgres)).toBe(false)
    expect(told).toEqual([expect.stringContaining(`process ${holder.postgres}`)])
  })

  test('comes back by itself when its own process is killed', async () => {
    const told: string[] = []
    const database = await start(temporaryFolder(), { say: sentence => told.push(sentence) })
    await query(database.connection, 'create table notes as select 7 as number')
    process.kill(database.pid, 'SIGKILL')
    await until(() => told.includes('PostgreSQL is back.'))
    expect(await query(database.connection, 'select number from notes')).toEqual([{ number: 7 }])
  })

  test('starts over a pid file that names a stranger', async () => {
    const dir = temporaryFolder()
    const stranger = spawn('sleep', ['60'])
    undo.push(() => stranger.kill())
    const pidFile = path.join(dir, 'postgres/data/postmaster.pid')
    fs.writeFileSync(pidFile, `${stranger.pid}\n${path.dirname(pidFile)}\n1\n5432\n\n\n\nready\n`)
    await start(dir)
    expect(isAlive(stranger.pid as number)).toBe(true)
  })

  test('starts anew where a first start was cut short', async () => {
    const dir = emptyFolder()
    fs.mkdirSync(path.join(dir, 'postgres/data.draft'), { recursive: true })
    fs.writeFileSync(path.join(dir, 'postgres/data.draft/PG_VERSION'), '18\n')
    const { connection } = await start(dir)
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }])
  })

  test('ends with a process that exits without stopping it', async () => {
    const holder = await startHolder(temporaryFolder())
    holder.process.stdin?.end()
    await holder.ended
    await until(() => !isAlive(holder.postgres))
  })

  test('refuses data of another PostgreSQL version', async () => {
    const dir = temporaryFolder()
    fs.writeFileSync(path.join(dir, 'postgres/data/PG_VERSION'), '17\n')
    await expect(start(dir)).rejects.toThrow(/PostgreSQL 17; this Afar brings 18/)
  })

  test('keeps its socket elsewhere when the folder has a long name', async () => {
    const dir = path.join(emptyFolder(), 'long'.repeat(30))
    const { connection } = await start(dir)
    expect(connection.host.startsWith(os.tmpdir())).toBe(true)
    expect(connection.host.length).toBeLessThan(90)
    expect(findEmbeddedConnection(dir)).toEqual(connection)
  })

  test('asks for a password where it listens on the loopback interface', async () => {
    const { connection } = await start(emptyFolder(), { transport: 'loopback' })
    expect(await query(connection, 'select 1 as one')).toEqual([{ one: 1 }])
    await expect(query({ ...connection, password: 'guess' }, 'select 1')).rejects.toThrow(/password/)
  })
})

describe.runIf(isRoot)('the embedded database of root', () => {
  test('runs as an unprivileged user', async () => {
    const { pid } = await start(temporaryFolder())
    expect(fs.statSync(`/proc/${pid}`).uid).not.toBe(0)
  })

  test('runs from a copy of the binaries where their own folder is closed', async () => {
    const closed = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-closed-'))
    undo.push(() => fs.rmSync(closed, { recursive: true, force: true }))
    const installed = path.resolve((await findBinaries('', undefined)).postgres, '../../..')
    execFileSync('cp', ['-R', installed, path.join(closed, 'package')])
    const dir = emptyFolder()
    const from = path.join(closed, 'package/dist/index.js')

    const binaries = await findBinaries(dir, databaseUser(), from)
    expect(binaries.postgres.startsWith(path.join(dir, 'postgres-binaries'))).toBe(true)
    const madeAt = fs.statSync(binaries.postgres).ctimeMs
    expect(await findBinaries(dir, databaseUser(), from)).toEqual(binaries)
    expect(fs.statSync(binaries.postgres).ctimeMs).toBe(madeAt)
  })
})

function emptyFolder() {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-embedded-'))
  undo.push(() => fs.rmSync(dir, { recursive: true, force: true }))
  if (isRoot) fs.chmodSync(dir, 0o711)
  return dir
}

/** A folder with a database that was started once: making one anew takes a second. */
function temporaryFolder() {
  const dir = emptyFolder()
  execFileSync('cp', ['-a', `${pristine}/.`, dir])
  return dir
}

async function start(dir: string, options: Partial<Parameters<typeof startEmbeddedPostgres>[0]> = {}) {
  const database = await startEmbeddedPostgres({ dir, ...options })
  undo.push(() => database.stop())
  return database
}

async function hold(dir: string) {
  const hold = await holdDataFolder(dir)
  undo.push(() => hold.release())
}

/** Another process that holds the folder and its database until its standard input ends. */
async function startHolder(dir: string) {
  const program = `
    const { holdDataFolder } = await import(${JSON.stringify(import.meta.resolve('./data-folder.ts'))})
    const { startEmbeddedPostgres } = await import(${JSON.stringify(import.meta.resolve('./embedded-postgres.ts'))})
    await holdDataFolder(${JSON.stringify(dir)})
    console.log((await startEmbeddedPostgres({ dir: ${JSON.stringify(dir)} })).pid)
    process.stdin.on('end', () => process.exit()).resume()`
  const child: ChildProcess = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  undo.push(() => child.kill('SIGKILL'))
  const ended = new Promise(resolve => child.once('exit', resolve))
  const postgres = await new Promise<number>((resolve, reject) => {
    child.stdout?.once('data', line => resolve(Number(line)))
    child.once('exit', () => reject(new Error('the holder ended early')))
  })
  return { process: child, postgres, ended }
}

async function query(connection: pg.ClientConfig, sql: string) {
  const client = new pg.Client(connection)
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

async function until(holds: () => boolean) {
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(25)) if (holds()) return
  throw new Error('waited 10 s in vain')
}
