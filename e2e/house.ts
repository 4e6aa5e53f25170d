import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const root = path.resolve(import.meta.dirname, '..')

export type House = Awaited<ReturnType<typeof startHouse>>
type Options = { dataDir?: string; port?: number; args?: string[]; env?: Record<string, string> }

/** The real server in a process group of its own, as `npm start` runs it, on a data folder that goes with it. */
export async function startHouse({ dataDir = newDataDir(), port, args = [], env = {} }: Options = {}) {
  const onPort = port ?? (await freePort())
  const url = `http://localhost:${onPort}`
  const child = spawn(process.execPath, ['server/src/main.ts', ...args], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      AFAR_PORT: String(onPort),
      AFAR_DATA_DIR: dataDir,
      AFAR_LOG_LEVEL: 'warn',
      NODE_ENV: 'test',
      ...env,
    },
  })
  const said: string[] = []
  for (const stream of [child.stdout!, child.stderr!])
    stream.on('data', (chunk: Buffer) => void said.push(chunk.toString()))
  const gone = new Promise<void>(done => child.once('exit', () => done()))
  await ready(url, child, said).catch(error => {
    if (child.exitCode === null) process.kill(-child.pid!, 'SIGKILL')
    throw error
  })
  return {
    url,
    port: onPort,
    dataDir,
    pid: child.pid!,
    said: () => said.join(''),
    /** Pulls the plug: server, PostgreSQL and all, without a word of warning. */
    async kill() {
      process.kill(-child.pid!, 'SIGKILL')
      await gone
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
      await gone
      return child.exitCode
    },
  }
}

export const newDataDir = () => {
  const dir = fs.mkdtempSync(path.join(os.tmpdir(), 'afar-house-'))
  // PostgreSQL runs as another user when we are root, and must be able to pass through.
  fs.chmodSync(dir, 0o711)
  return dir
}

export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise(done => server.once('listening', done))
  const { port } = server.address() as net.AddressInfo
  await new Promise(done => server.close(done))
  return port
}

async function ready(url: string, child: ChildProcess, said: string[]) {
  const patience = Date.now() + 90_000
  while (Date.now() < patience) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The server ended before it was ready:\n${said.join('')}`)
    const answer = await fetch(`${url}/ready`).catch(() => null)
    if (answer?.ok) return
    await sleep(50)
  }
  throw new Error(`The server was not ready within 90 s:\n${said.join('')}`)
}

/** Sets an empty house up and signs its admin in; answers a client that keeps his cookie. */
export async function setUpHouse(url: string) {
  const admin = { name: 'Ada Admin', email: 'ada@test.example', password: 'correct horse battery staple' }
  const call = client(url)
  await call('POST', '/setup', {
    company: { name: 'Test', zone: 'UTC', locale: 'en' },
    store: { name: 'Shop', languages: ['en'], zone: 'UTC', currency: 'USD', country: 'US' },
    admin,
  })
  await call('POST', '/session', { email: admin.email, password: admin.password })
  const { items } = await call<{ items: { id: string; key: string }[] }>('GET', '/stores')
  return { call, store: items[0]!, admin }
}

export type Call = <T = unknown>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<T>

/** Throws on anything but success, with the refusal's text. */
export function client(url: string, fixed: Record<string, string> = {}): Call {
  let cookie = ''
  return async (method, address, body, headers = {}) => {
    const answer = await fetch(`${url}/api${address}`, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(cookie ? { cookie, origin: url } : {}),
        ...fixed,
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    })
    const set = answer.headers.getSetCookie().map(line => line.split(';')[0]!)
    if (set.length > 0) cookie = set.join('; ')
    const text = await answer.text()
    if (!answer.ok)
      throw Object.assign(new Error(`${method} ${address}: ${answer.status} ${text}`), {
        status: answer.status,
      })
    return (text === '' ? undefined : JSON.parse(text)) as never
  }
}
