import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CannotStart } from '../config.ts'
import { canRun, type SystemUser } from './data-folder.ts'
import type { Binaries } from './postgres-binaries.ts'
import { isAlive, isPostgresOn } from './processes.ts'

type Server = {
  binaries: Binaries
  dataDir: string
  user: SystemUser | undefined
  settings: string[]
  say: (sentence: string) => void
}

const second = 1000

/** Runs the PostgreSQL server process, starts it again with growing pauses when it dies, and stops it in order. */
export async function superviseServer(server: Server) {
  const stopping = new AbortController()
  await stopLeftover(server)
  let child = await launch(server)
  let restart: Promise<void> | undefined
  watch()

  // Reached when the process ends without `stop`, by an uncaught error say; the server then stops on its own.
  const stopOnExit = () => signal(server.binaries, child, 'INT')
  process.once('exit', stopOnExit)

  function watch() {
    child.once('exit', (code, name) => {
      if (!stopping.signal.aborted) restart = startAgain(name ?? `exit code ${code}`)
    })
  }

  async function startAgain(reason: string) {
    server.say(`PostgreSQL ended unexpectedly (${reason}); it is started again.`)
    for (let pause = 0.25 * second; !stopping.signal.aborted; pause = Math.min(pause * 2, 8 * second)) {
      try {
        await stopLeftover(server)
        child = await launch(server, stopping.signal)
        server.say('PostgreSQL is back.')
        return watch()
      } catch (error) {
        if (stopping.signal.aborted) return
        server.say(
          `PostgreSQL does not start (${(error as Error).message}); next attempt in ${pause / second} s.`,
        )
        await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }

  return {
    get pid() {
      return child.pid as number
    },
    async stop() {
      stopping.abort()
      process.off('exit', stopOnExit)
      await restart
      await end(server, child)
    },
  }
}

/** What the server wrote down about itself; absent when none runs or none was cut short. */
export function readPidFile(dataDir: string) {
  let text: string
  try {
    text = fs.readFileSync(path.join(dataDir, 'postmaster.pid'), 'utf8')
  } catch {
    return undefined
  }
  const [pid, , , port, socketDir, , , status] = text.split('\n')
  return {
    pid: Number(pid),
    port: Number(port),
    socketDir: socketDir ?? '',
    isReady: status?.trim() === 'ready',
  }
}

/** Stops the server that a killed holder left behind. The caller holds the folder, so no living one needs it. */
async function stopLeftover({ binaries, dataDir, user, say }: Server) {
  const left = readPidFile(dataDir)
  if (!left) return
  if (process.platform === 'win32') {
    canRun(user, binaries.pg_ctl, ['stop', '-D', dataDir, '-m', 'fast', '-w', '-t', '30'])
    return
  }

  if (isPostgresOn(left.pid, dataDir)) {
    say(`An earlier start left PostgreSQL behind (process ${left.pid}); it is stopped first.`)
    process.kill(left.pid, 'SIGINT')
    if (!(await isGone(left.pid, 30 * second))) {
      process.kill(left.pid, 'SIGQUIT')
      if (!(await isGone(left.pid, 10 * second))) {
        throw new CannotStart(
          'database_stuck',
          `PostgreSQL (process ${left.pid}) does not stop. End it by hand.`,
        )
      }
    }
  }
  // PostgreSQL takes a zombie, or a stranger who got the number, for a living server; we know better. Should
  // children of the dead one linger, their shared memory keeps a new server out until they are gone.
  fs.rmSync(path.join(dataDir, 'postmaster.pid'), { force: true })
}

async function launch(server: Server, stopping?: AbortSignal) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await launchOnce(server, stopping)
    } catch (error) {
      const childrenLinger = (error as Error).message.includes('pre-existing shared memory block')
      if (!childrenLinger || attempt === 20 || stopping?.aborted) throw error
      await sleep(0.25 * second)
    }
  }
}

function launchOnce({ binaries, dataDir, user, settings }: Server, stopping?: AbortSignal) {
  const args = ['-D', dataDir, ...settings.flatMap(setting => ['-c', setting])]
  // A session of its own: Ctrl-C in a terminal must reach us alone, so that we stop before the database does.
  const child = spawn(binaries.postgres, args, {
    uid: user?.uid,
    gid: user?.gid,
    cwd: path.dirname(dataDir),
    detached: process.platform !== 'win32',
    windowsHide: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  stopping?.addEventListener('abort', () => signal(binaries, child, 'INT'), { once: true })

  return new Promise<ChildProcess>((resolve, reject) => {
    let tail = ''
    child.stderr.on('data', chunk => {
      tail = (tail + chunk).slice(-4000)
      if (tail.includes('ready to accept connections')) resolve(child)
    })
    child.once('error', reject)
    child.once('close', () => reject(new Error(`PostgreSQL did not start: ${tail.trim()}`)))
  })
}

async function end({ binaries }: Server, child: ChildProcess) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise(resolve => child.once('exit', resolve))
  signal(binaries, child, 'INT')
  const impatient = setTimeout(() => signal(binaries, child, 'QUIT'), 60 * second)
  await ended
  clearTimeout(impatient)
}

function signal(binaries: Binaries, child: ChildProcess, name: 'INT' | 'QUIT') {
  // Node can only kill outright on Windows; PostgreSQL's own tool asks politely.
  if (process.platform === 'win32') execFileSync(binaries.pg_ctl, ['kill', name, String(child.pid)])
  else child.kill(`SIG${name}`)
}

async function isGone(pid: number, withinMs: number) {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(25)) {
    if (!isAlive(pid)) return true
  }
  return false
}
