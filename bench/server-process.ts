import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../e2e/house.ts'

const root = path.resolve(import.meta.dirname, '..')
/** A machine that is busy with other things may need this long; the figure then says so, not an error. */
const patienceMs = 180_000

type Options = { dataDir: string; args?: string[]; env?: Record<string, string> }

const running = new Set<() => Promise<void>>()

/** Whatever was started and not stopped, by an error half-way say. */
export const stopServers = () => Promise.all([...running].map(stop => stop()))

/** The server as a user starts it, and how long it took until /ready said yes; `pid` is the one that serves. */
export async function startServer({ dataDir, args = [], env = {} }: Options) {
  const port = await freePort()
  const url = `http://localhost:${port}`
  const began = performance.now()
  const child = spawn(process.execPath, ['scripts/start.mjs', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      AFAR_PORT: String(port),
      AFAR_DATA_DIR: dataDir,
      AFAR_LOG_LEVEL: 'warn',
      NODE_ENV: 'production',
      ...env,
    },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk).slice(-10_000)
    })
  const gone = new Promise<void>(done => child.once('exit', () => done()))
  const isGone = () => child.exitCode !== null || child.signalCode !== null
  const stop = async () => {
    if (!isGone()) child.kill('SIGTERM')
    await gone
    running.delete(stop)
  }
  running.add(stop)
  while (!(await isReady(url))) {
    if (!isGone() && performance.now() - began < patienceMs) {
      await sleep(20)
      continue
    }
    await stop()
    throw new Error(`The server was not ready within ${patienceMs / 1_000} s or ended before:\n${said}`)
  }
  return { url, pid: servingPid(child.pid!), readyMs: performance.now() - began, said: () => said, stop }
}

export type ServerProcess = Awaited<ReturnType<typeof startServer>>

const isReady = async (url: string) => (await fetch(`${url}/ready`).catch(() => null))?.ok === true

const servingPid = (starter: number) =>
  Number(fs.readFileSync(`/proc/${starter}/task/${starter}/children`, 'utf8').split(' ')[0])

/** Memory of a process that is in RAM, in bytes. */
export function residentBytes(pid: number): number {
  const status = fs.readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)![1]) * 1_024
}

/** Together with the Node processes it has started; PostgreSQL is not counted. */
export function residentWithReaders(pid: number): number {
  const children = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean)
  return children.reduce((sum, child) => sum + ofNode(Number(child)), residentBytes(pid))
}

function ofNode(pid: number) {
  try {
    const isNode = fs.readlinkSync(`/proc/${pid}/exe`) === process.execPath
    return isNode ? residentBytes(pid) : 0
  } catch {
    return 0
  }
}

/** Processor time so far, in seconds: of the server alone, and of PostgreSQL with all its processes. */
export function cpuSeconds({ pid, dataDir }: { pid: number; dataDir: string }) {
  const file = path.join(dataDir, 'postgres/data/postmaster.pid')
  const postmaster = Number(fs.readFileSync(file, 'utf8').split('\n')[0])
  const backends = fs.readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').split(' ')
  const database = [String(postmaster), ...backends.filter(Boolean)].map(Number)
  return { server: secondsOf(pid), database: database.reduce((sum, one) => sum + secondsOf(one), 0) }
}

const ticksPerSecond = 100

/** Its own and that of its children that have ended; those after the name in parentheses, which may hold spaces. */
function secondsOf(pid: number) {
  try {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond
  } catch {
    return 0
  }
}
