import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findEmbeddedConnection } from '../../server/src/platform/embedded-postgres.ts'
import { readPidFile } from '../../server/src/platform/postgres-server.ts'
import { isPostgresOn } from '../../server/src/platform/processes.ts'
import { type House, newDataDir, setUpHouse, startHouse } from '../house.ts'
import { type ApiChannel, type Intent, startDriver } from './driver.ts'
import { checkInvariants } from './invariants.ts'

const dataDir = newDataDir()
const cluster = path.join(dataDir, 'postgres', 'data')
const longestMs = 10_000
let house: House
let store: { key: string }
let channel: ApiChannel
const book: Intent[] = []
const tokens = new Map<string, string>()

beforeAll(async () => {
  house = await startHouse({ dataDir, args: ['--empty'] })
  const set = await setUpHouse(house.url)
  store = set.store
  await set.call('POST', '/channels', { kind: 'web_chat', storeId: set.store.id, name: 'Chat', settings: {} })
  const { id } = await set.call<{ id: string }>('POST', '/channels', {
    ...{ kind: 'api', storeId: set.store.id, name: 'Shop', settings: {} },
  })
  channel = { id, secret: (await set.call<{ secret: string }>('PUT', `/channels/${id}/secret`, {})).secret }
})

afterAll(async () => {
  await house?.stop()
  fs.rmSync(dataDir, { recursive: true, force: true })
})

test('a database that dies is back within seconds, and nothing acknowledged is lost', async () => {
  const before = postmaster()
  const { probes, breaches } = await underLoad(async () => {
    process.kill(before, 'SIGKILL')
    await isBack(before)
    await sleep(2_000)
  })
  expect(breaches).toEqual([])
  expect(slow(probes)).toEqual([])
  expect(unclear(probes)).toEqual([])
  expect(postmaster()).not.toBe(before)
})

test('a database that is away for twenty seconds is answered for, and all is caught up', async () => {
  const pid = postmaster()
  const { probes, breaches } = await underLoad(async () => {
    const keepAway = hold(pid)
    await sleep(20_000)
    await keepAway()
    await isBack(pid)
    await sleep(2_000)
  })
  expect(breaches).toEqual([])
  expect(slow(probes)).toEqual([])
  expect(unclear(probes)).toEqual([])
  const away = probes.filter(({ status }) => status === 503)
  expect(away.length).toBeGreaterThan(5)
  expect(probes.at(-1)!.status).toBe(200)
})

test.runIf(process.platform === 'linux')(
  'a database that hangs without a word keeps nobody waiting',
  async () => {
    const pids = [postmaster(), ...childrenOf(postmaster())]
    const { probes, breaches } = await underLoad(async () => {
      for (const pid of pids) signal(pid, 'SIGSTOP')
      try {
        await sleep(13_000)
      } finally {
        for (const pid of pids.toReversed()) signal(pid, 'SIGCONT')
      }
      await sleep(3_000)
    })
    expect(breaches).toEqual([])
    expect(slow(probes)).toEqual([])
    expect(unclear(probes)).toEqual([])
  },
)

type Probe = { what: string; status: number; ms: number; code: string; retryAfter: string | null; at: number }

/**
 * Customers write and colleagues look while `fault` happens; every request is timed, the senders repeat what was
 * not acknowledged, and afterwards the database is held against their book.
 */
async function underLoad(fault: () => Promise<void>) {
  const driver = startDriver(house.url, {
    storeKey: store.key,
    channel,
    webhooks: 3,
    visitors: 3,
    everyMs: 100,
  })
  const probing = startProbes()
  await sleep(1_500)
  await fault()
  const probes = await probing.stop()
  const drained = await driver.drain(25_000)
  await idle()
  book.push(...driver.book)
  for (const [name, token] of driver.tokens) tokens.set(name, token)
  const breaches = await checkInvariants(house.url, dataDir, book, tokens)
  const acked = driver.book.filter(intent => intent.acked).length
  if (!drained) breaches.push('some lines were never acknowledged')
  if (acked < 20) breaches.push(`only ${acked} lines were acknowledged`)
  return { probes, breaches }
}

/** One who writes and one who reads, each a few times a second, whatever becomes of the earlier ones. */
function startProbes() {
  const probes: Probe[] = []
  const begun = Date.now()
  const asks = [
    {
      what: 'write',
      url: '/api/widget/session',
      method: 'POST',
      body: JSON.stringify({ store: store.key, locale: 'en' }),
    },
    { what: 'read', url: `/api/widget/config?store=${store.key}`, method: 'GET', body: null },
  ]
  const open = new Set<Promise<void>>()
  const timer = setInterval(() => {
    for (const { what, url, method, body } of asks) {
      const sent = Date.now()
      const asked = fetch(`${house.url}${url}`, {
        method,
        body,
        ...(body && { headers: { 'content-type': 'application/json' } }),
        signal: AbortSignal.timeout(30_000),
      })
        .then(async answer => {
          const code = ((await answer.json()) as { error?: { code: string } }).error?.code ?? ''
          return { status: answer.status, code, retryAfter: answer.headers.get('retry-after') }
        })
        .catch((error: Error) => ({ status: 0, code: error.name, retryAfter: null }))
        .then(answer => void probes.push({ what, ms: Date.now() - sent, at: sent - begun, ...answer }))
      open.add(asked)
      asked.finally(() => open.delete(asked))
    }
  }, 700)
  return {
    async stop() {
      clearInterval(timer)
      await Promise.all(open)
      return probes.toSorted((a, b) => a.at - b.at)
    },
  }
}

const slow = (probes: Probe[]) => probes.filter(({ ms }) => ms > longestMs)
/** Either it worked, or the answer says that the database is away and when to come again. */
const unclear = (probes: Probe[]) =>
  probes.filter(
    ({ status, code, retryAfter }) =>
      status !== 200 &&
      !(status === 503 && /^(database_unavailable|too_slow)$/.test(code) && Number(retryAfter) > 0),
  )

/** The process of this house's own database, and no other. */
function postmaster() {
  const pid = readPidFile(cluster)?.pid
  if (!pid || !isPostgresOn(pid, cluster)) throw new Error('The database of the house is not there.')
  return pid
}

/** Ends the database and, whenever it is started again, ends it again, until told to stop. */
function hold(first: number) {
  let holding = true
  signal(first, 'SIGINT')
  const held = (async () => {
    let last = first
    while (holding) {
      const pid = readPidFile(cluster)?.pid
      if (pid && pid !== last && isPostgresOn(pid, cluster)) {
        last = pid
        signal(pid, 'SIGKILL')
      }
      await sleep(5)
    }
  })()
  return () => {
    holding = false
    return held
  }
}

async function isBack(before: number) {
  for (let tries = 0; tries < 900; tries++) {
    const running = readPidFile(cluster)
    if (running?.isReady && running.pid !== before && isPostgresOn(running.pid, cluster)) return
    await sleep(50)
  }
  throw new Error('The database did not come back within 45 s.')
}

function childrenOf(pid: number): number[] {
  return fs
    .readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(name => {
      try {
        return Number(/^PPid:\s+(\d+)/m.exec(fs.readFileSync(`/proc/${name}/status`, 'utf8'))?.[1]) === pid
      } catch {
        return false
      }
    })
    .map(Number)
}

function signal(pid: number, name: NodeJS.Signals) {
  try {
    process.kill(pid, name)
  } catch {
    // It has just ended by itself.
  }
}

async function idle() {
  for (let tries = 0; tries < 300; tries++) {
    const rows = await query(`select (select count(*)::int from inbound where state = 'received') as waiting,
      (select coalesce(max(id), 0) from events)
        - (select coalesce(max(position), 0) from reaction_cursors where name = 'all') as behind`).catch(
      () => null,
    )
    if (rows && Number(rows[0].waiting) === 0 && Number(rows[0].behind) === 0) return
    await sleep(50)
  }
}

async function query(sql: string) {
  const db = new pg.Client(findEmbeddedConnection(dataDir))
  await db.connect()
  try {
    return (await db.query(sql)).rows
  } finally {
    await db.end()
  }
}
