import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { CannotStart } from '../config.ts'
import { createDataFolder, databaseUser, type SystemUser } from './data-folder.ts'
import { type Binaries, findBinaries, majorVersion } from './postgres-binaries.ts'
import { readPidFile, superviseServer } from './postgres-server.ts'
import { isPostgresOn } from './processes.ts'

export type EmbeddedConnection = {
  host: string
  port: number
  user: string
  database: string
  password?: string
}

type Options = {
  /** The data folder, already held by this process; the database lives in its `postgres` folder. */
  dir: string
  say?: (sentence: string) => void
  /** False only for tests: a machine that loses power may then lose the database. */
  isDurable?: boolean
  /** Windows has no Unix sockets in Node, so it gets the loopback interface and a password. */
  transport?: 'socket' | 'loopback'
}

/**
 * Starts PostgreSQL on the data folder, after stopping one that a dead holder left behind, and keeps it running
 * until `stop`. Callers connect as a role that owns its database but is no superuser, so row security binds it.
 */
export async function startEmbeddedPostgres({
  dir,
  say = () => {},
  isDurable = true,
  transport = process.platform === 'win32' ? 'loopback' : 'socket',
}: Options) {
  createDataFolder(dir)
  const user = databaseUser()
  const binaries = await findBinaries(dir, user)
  const home = path.join(dir, 'postgres')
  const dataDir = path.join(home, 'data')
  ownFolder(home, user)

  const password = transport === 'loopback' ? readPassword(home, user) : undefined
  if (!fs.existsSync(dataDir)) initialise(binaries, { home, dataDir, user, password, isDurable })
  refuseOtherVersion(binaries, dataDir)

  const address = transport === 'loopback' ? await freeLoopback() : socketAddress(home, user)
  const server = await superviseServer({
    binaries,
    dataDir,
    user,
    say,
    settings: [...settings, ...address.settings, ...(isDurable ? [] : forgetful)],
  })
  const connect = (role: string, database: string): EmbeddedConnection => ({
    host: address.host,
    port: address.port,
    user: role,
    database,
    ...(password && { password }),
  })

  try {
    await prepare(home, connect, password)
  } catch (error) {
    await server.stop()
    throw error
  }
  return {
    connection: connect('afar', 'afar'),
    /** For tests and upkeep that create databases; the application never uses it. */
    superuser: connect('postgres', 'postgres'),
    get pid() {
      return server.pid
    },
    async stop() {
      await server.stop()
      address.leave()
    },
  }
}

/** How to reach the database that another, living process started on this data folder. */
export function findEmbeddedConnection(dir: string): EmbeddedConnection | undefined {
  const home = path.join(dir, 'postgres')
  const running = readPidFile(path.join(home, 'data'))
  if (!running?.isReady || !isPostgresOn(running.pid, path.join(home, 'data'))) return undefined
  const { port, socketDir } = running
  const role = { port, user: 'afar', database: 'afar' }
  return socketDir
    ? { host: socketDir, ...role }
    : { host: '127.0.0.1', ...role, password: readPassword(home, undefined) }
}

const settings = [
  'max_connections=200',
  // Kept small so that an idle shop costs little; the system's page cache does the rest.
  'shared_buffers=128MB',
  'max_wal_size=1GB',
  'checkpoint_timeout=15min',
  'wal_compression=on',
  'random_page_cost=1.1',
  'autovacuum_naptime=20s',
  'jit=off',
  'timezone=UTC',
  'log_timezone=UTC',
  'lc_messages=C',
  // A failed statement carries what customers wrote, so errors reach the application only.
  'log_min_messages=log',
  'log_min_error_statement=panic',
  'log_checkpoints=off',
]

const forgetful = ['fsync=off', 'full_page_writes=off', 'synchronous_commit=off']

type Cluster = { home: string; dataDir: string; user?: SystemUser; password?: string; isDurable: boolean }

function initialise(binaries: Binaries, { home, dataDir, user, password, isDurable }: Cluster) {
  // A draft, so that a first start cut short leaves nothing that looks like a database.
  const draft = `${dataDir}.draft`
  fs.rmSync(draft, { recursive: true, force: true })
  fs.rmSync(path.join(home, 'prepared'), { force: true })
  const libcLocale = process.platform === 'linux' ? 'C.UTF-8' : 'C'
  const args = [
    ...['-D', draft, '-U', 'postgres', '-E', 'UTF8', '--no-instructions'],
    ...['--locale-provider=builtin', '--builtin-locale=C.UTF-8', `--locale=${libcLocale}`],
    ...(password ? ['-A', 'scram-sha-256', '--pwfile', path.join(home, 'password')] : ['-A', 'trust']),
    ...(isDurable ? [] : ['--no-sync']),
  ]
  execFileSync(binaries.initdb, args, { uid: user?.uid, gid: user?.gid, cwd: home, stdio: 'pipe' })
  fs.renameSync(draft, dataDir)
}

function refuseOtherVersion(binaries: Binaries, dataDir: string) {
  const kept = fs.readFileSync(path.join(dataDir, 'PG_VERSION'), 'utf8').trim()
  const ours = majorVersion(binaries)
  if (kept === ours) return
  throw new CannotStart(
    'database_version',
    `The data in ${dataDir} were written by PostgreSQL ${kept}; this Afar brings ${ours}. Use the Afar that wrote them.`,
  )
}

async function prepare(
  home: string,
  connect: (role: string, database: string) => EmbeddedConnection,
  password: string | undefined,
) {
  const stamp = path.join(home, 'prepared')
  if (fs.existsSync(stamp)) return

  await query(connect('postgres', 'postgres'), async client => {
    const exists = async (sql: string) => (await client.query(sql)).rowCount === 1
    if (!(await exists(`select from pg_roles where rolname = 'afar'`))) {
      await client.query(`create role afar login ${password ? `password '${password}'` : ''}`)
    }
    if (!(await exists(`select from pg_database where datname = 'afar'`))) {
      await client.query('create database afar owner afar')
    }
  })
  await query(connect('postgres', 'afar'), client => client.query('create extension if not exists pg_trgm'))
  fs.writeFileSync(stamp, '')
}

async function query(connection: EmbeddedConnection, run: (client: pg.Client) => Promise<unknown>) {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    await run(client)
  } finally {
    await client.end()
  }
}

function socketAddress(home: string, user: SystemUser | undefined) {
  const port = 5432
  let host = path.join(home, 'socket')
  // The kernel keeps 108 bytes for a socket's path, its closing zero included.
  const isLong = Buffer.byteLength(`${host}/.s.PGSQL.${port}`) > 106
  if (isLong) host = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-'))
  ownFolder(host, user)
  return {
    host,
    port,
    settings: ['listen_addresses=', `unix_socket_directories=${host}`, `port=${port}`],
    leave: () => isLong && fs.rmSync(host, { recursive: true, force: true }),
  }
}

async function freeLoopback() {
  const probe = net.createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => probe.once('listening', resolve))
  const { port } = probe.address() as net.AddressInfo
  await new Promise(resolve => probe.close(resolve))
  const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', `port=${port}`]
  return { host: '127.0.0.1', port, settings, leave: () => {} }
}

function readPassword(home: string, user: SystemUser | undefined) {
  const file = path.join(home, 'password')
  if (!fs.existsSync(file)) {
    fs.writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 })
    if (user) fs.chownSync(file, user.uid, user.gid)
  }
  return fs.readFileSync(file, 'utf8')
}

function ownFolder(dir: string, user: SystemUser | undefined) {
  fs.mkdirSync(dir, { recursive: true, mode: 0o700 })
  if (user) fs.chownSync(dir, user.uid, user.gid)
}
