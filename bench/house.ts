import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import pg from 'pg'
import { setUpHouse } from '../e2e/house.ts'
import { findEmbeddedConnection } from '../server/src/platform/embedded-postgres.ts'
import { openLines } from './http-lines.ts'
import { type ServerProcess, startServer, stopServers } from './server-process.ts'

pg.types.setTypeParser(pg.types.builtins.INT8, Number)

const openHouses = new Set<() => Promise<unknown>>()
const folders = new Set<string>()

/** What a colleague has set for a server of his own must not reach the ones measured here. */
export function forgetSettings() {
  for (const name of Object.keys(process.env))
    if (name.startsWith('AFAR_') || name === 'DATABASE_URL') delete process.env[name]
}

/** Where the houses write CPU profiles; null for none. */
export const profiles: { folder: string | null } = { folder: null }

/** A really started server on an empty data folder, set up and signed in; `close` takes the folder along. */
export async function openHouse(env: Record<string, string> = {}) {
  const dataDir = newFolder()
  const started = await startMeasured(dataDir, env)
  const { call, store, admin } = await setUpHouse(started.url)
  return furnish(started, dataDir, { call, store, admin })
}

export type BenchHouse = Awaited<ReturnType<typeof openHouse>>

export const startMeasured = (dataDir: string, env: Record<string, string> = {}) =>
  startServer({
    dataDir,
    args: ['--empty'],
    env: {
      ...env,
      ...(profiles.folder && { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${profiles.folder}` }),
    },
  })

export async function furnish(
  started: ServerProcess,
  dataDir: string,
  known: Pick<Awaited<ReturnType<typeof setUpHouse>>, 'call' | 'store' | 'admin'>,
) {
  const cookie = await signIn(started.url, known.admin)
  const pool = new pg.Pool({
    ...findEmbeddedConnection(dataDir),
    max: 10,
    options: '-c join_collapse_limit=4',
  })
  const lines = openLines(started.url)
  const close = once(async () => {
    openHouses.delete(close)
    lines.close()
    await pool.end()
    await started.stop()
    fs.rmSync(dataDir, { recursive: true, force: true })
  })
  openHouses.add(close)
  return {
    ...known,
    url: started.url,
    pid: started.pid,
    dataDir,
    pool,
    cookie,
    /** Headers of the signed-in colleague. */
    mine: { cookie, origin: started.url, 'content-type': 'application/json' },
    lines,
    said: started.said,
    stop: () => started.stop(),
    close,
  }
}

/** A data folder that is gone when the bench ends, whatever happens in between. */
export function newFolder() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-bench-'))
  folders.add(folder)
  // PostgreSQL runs as another user when we are root, and must be able to pass through.
  fs.chmodSync(folder, 0o711)
  return folder
}

export async function closeHouses() {
  await Promise.all([...openHouses].map(close => close()))
  await stopServers()
  for (const folder of folders) fs.rmSync(folder, { recursive: true, force: true })
}

async function signIn(url: string, { email, password }: { email: string; password: string }) {
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email, password }),
  })
  const cookie = answer.headers.getSetCookie().map(set => set.split(';')[0]!)
  if (cookie.length === 0) throw new Error(`Not signed in: ${answer.status} ${await answer.text()}`)
  return cookie.join('; ')
}

function once(work: () => Promise<void>) {
  let done: Promise<void> | null = null
  return () => (done ??= work())
}
