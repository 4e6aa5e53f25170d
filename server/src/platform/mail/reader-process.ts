import { fork } from 'node:child_process'
import fs from 'node:fs'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { compileCache } from './compile-cache.ts'
import { type Answer, errorOf, MailUnreadable, type ProgramSettings, type Waiting } from './reader.ts'

export type ReaderProcess = {
  hasRoom(): boolean
  give(task: Waiting): void
  stop(): Promise<void>
}

type ProcessOptions = {
  program: URL
  settings: ProgramSettings
  maxMemoryMb: number
  idleMs: number
  budgetFor(size: number): number
  onRoom(): void
  /** With what it was given and did not come to. A process that never began is no mail's fault. */
  onEnd(given: Waiting[], hasBegun: boolean): void
}

// Enough that the process never waits for the next one, few enough that something urgent does not wait long.
const mostGiven = 8
const mostGivenBytes = 1024 * 1024
const startMs = 30_000
// A busy machine may give it a tenth of a core; more patience than that nobody has.
const patience = 10

/**
 * One process and what it was given; it works on the first of these. A thread would not do: when one runs out
 * of memory, Node may abort the whole server, and some loops it cannot end.
 */
export function openProcess({
  program,
  settings,
  maxMemoryMb,
  idleMs,
  budgetFor,
  onRoom,
  onEnd,
}: ProcessOptions): ReaderProcess {
  const child = fork(fileURLToPath(program), [JSON.stringify(settings)], {
    // It reads what strangers wrote: none of our secrets are within its reach.
    env: { MALLOC_ARENA_MAX: '2', ...compileCache() },
    // Young objects in little room: it is one mail after the other, and most of it is garbage at once.
    execArgv: [`--max-old-space-size=${maxMemoryMb}`, '--max-semi-space-size=2'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const given: Waiting[] = []
  let isReady = false
  let isEnding = false
  let timer: NodeJS.Timeout | undefined
  let cause: MailUnreadable['code'] | 'idle' | undefined
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))

  function end(because: typeof cause) {
    isEnding = true
    cause ??= because
    child.kill('SIGKILL')
  }

  function watch() {
    clearTimeout(timer)
    if (isEnding) return
    const isBusy = given.length > 0
    for (const handle of [child, child.channel]) isBusy ? handle?.ref() : handle?.unref()
    if (!isBusy) timer = setTimeout(end, idleMs, 'idle').unref()
    else if (!isReady) timer = setTimeout(end, startMs, 'mail_reader_died')
    else limit(given[0]!)
  }

  /** By the time the process itself computed: that others keep the machine busy is not the mail's fault. */
  function limit(task: Waiting) {
    const budget = budgetFor(task.size)
    const startedAt = performance.now()
    const before = cpuMsOf(child.pid)
    const check = async () => {
      // An answer may lie there unread, when it is we who were busy.
      await new Promise(setImmediate)
      if (given[0] !== task || isEnding) return
      const used = cpuMsOf(child.pid) - before
      if (used >= budget || performance.now() - startedAt >= budget * patience) end('mail_too_hard')
      else timer = setTimeout(check, Math.max(20, budget - used))
    }
    timer = setTimeout(check, budget)
  }

  /** The first is what it worked on, unless its answer was lost on the way: what came suddenly is tried once more. */
  function blame(code: MailUnreadable['code']) {
    const [first] = given
    const isSudden = code === 'mail_reader_died' || code === 'mail_too_much_memory'
    if (first && isSudden && !first.isTried) first.isTried = true
    else given.shift()?.reject(new MailUnreadable(code))
  }

  child.on('message', (message: 'ready' | Answer) => {
    if (message === 'ready') isReady = true
    else {
      const task = given.shift()
      if (task && 'mail' in message) task.resolve(message.mail)
      else if (task && 'error' in message) task.reject(errorOf(message.error))
      onRoom()
    }
    watch()
  })
  // One that does not even start, or is gone while it is written to: `close` follows.
  child.on('error', () => {})
  child.on('close', (_, signal) => {
    isEnding = true
    clearTimeout(timer)
    // V8 aborts when its heap is full.
    const code = cause ?? (signal === 'SIGABRT' ? 'mail_too_much_memory' : 'mail_reader_died')
    if (isReady && code !== 'idle') blame(code)
    onEnd(given.splice(0), isReady)
  })
  watch()

  return {
    hasRoom: () =>
      !isEnding &&
      given.length < mostGiven &&
      given.reduce((sum, { size }) => sum + size, 0) < mostGivenBytes,
    give(task) {
      given.push(task)
      const { id, raw, trustedServers } = task
      child.send({ id, raw, trustedServers }, () => {})
      if (given.length === 1) watch()
    },
    stop() {
      child.ref()
      end('mail_reader_stopped')
      return ended
    },
  }
}

/** User and system time (proc(5): fields 14 and 15, in hundredths); where there is no such file, the clock. */
function cpuMsOf(pid: number | undefined) {
  if (process.platform !== 'linux' || pid === undefined) return performance.now()
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return performance.now()
  }
}
