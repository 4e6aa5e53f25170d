import { setTimeout as sleep } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { type Answer, errorOf, MailUnreadable, type ThreadSettings, type Waiting } from './reader.ts'

export type Thread = {
  hasRoom(): boolean
  give(task: Waiting): void
  stop(): Promise<void>
}

type ThreadOptions = {
  program: URL
  settings: ThreadSettings
  maxMemoryMb: number
  idleMs: number
  budgetFor(size: number): number
  onRoom(): void
  /** With what it was given and did not come to. */
  onEnd(given: Waiting[]): void
}

// Enough that the thread never waits for the next one, few enough that something urgent does not wait long.
const mostGiven = 8
const mostGivenBytes = 1024 * 1024
const startMs = 30_000
// A busy machine may give the thread a tenth of a core; more patience than that nobody has.
const patience = 10
const silenceMs = 2_000

/** One thread and what it was given; it works on the first of these. */
export function openThread({
  program,
  settings,
  maxMemoryMb,
  idleMs,
  budgetFor,
  onRoom,
  onEnd,
}: ThreadOptions): Thread {
  const worker = new Worker(program, {
    workerData: settings,
    // It reads what strangers wrote: none of our secrets are within its reach.
    env: {},
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: maxMemoryMb, maxYoungGenerationSizeMb: 32, stackSizeMb: 4 },
  })
  const given: Waiting[] = []
  let isReady = false
  let isEnded = false
  let timer: NodeJS.Timeout | undefined
  let cause: MailUnreadable['code'] = 'mail_reader_died'

  function watch() {
    clearTimeout(timer)
    if (given.length === 0) {
      worker.unref()
      timer = setTimeout(() => void worker.terminate(), idleMs).unref()
      return
    }
    worker.ref()
    if (!isReady) timer = setTimeout(() => void worker.terminate(), startMs)
    else limit(given[0]!)
  }

  /**
   * Half of the budget by the clock, and half by the time the thread itself computed: that others keep the
   * machine busy is not the mail's fault, and asking the thread costs more than reading a small mail.
   */
  function limit(task: Waiting) {
    const budget = budgetFor(task.size) / 2
    const startedAt = performance.now()
    let before: number | null = null
    const check = async () => {
      // An answer may lie there unread, when it is we who were busy.
      await new Promise(setImmediate)
      if (given[0] !== task || isEnded) return
      const used = await cpuMsOf(worker)
      before = Math.min(before ?? used, used)
      if (given[0] !== task || isEnded) return
      if (
        used === Number.POSITIVE_INFINITY ||
        used - before >= budget ||
        performance.now() - startedAt >= budget * patience
      ) {
        cause = 'mail_too_hard'
        void worker.terminate()
      } else timer = setTimeout(check, Math.max(20, budget - (used - before)))
    }
    timer = setTimeout(check, budget)
  }

  worker.on('message', (message: 'ready' | Answer) => {
    if (message === 'ready') isReady = true
    else {
      const task = given.shift()
      if (task && 'mail' in message) task.resolve(message.mail)
      else if (task && 'error' in message) task.reject(errorOf(message.error))
      onRoom()
    }
    watch()
  })
  worker.on('error', error => {
    const isFull = (error as NodeJS.ErrnoException).code === 'ERR_WORKER_OUT_OF_MEMORY'
    if (cause === 'mail_reader_died' && isFull) cause = 'mail_too_much_memory'
  })
  worker.on('exit', () => {
    isEnded = true
    clearTimeout(timer)
    // The first is the one it worked on; a thread that does not even start is no mail's fault, but waits for none.
    given.shift()?.reject(new MailUnreadable(cause))
    onEnd(given.splice(0))
  })
  watch()

  return {
    hasRoom: () =>
      !isEnded && given.length < mostGiven && given.reduce((sum, { size }) => sum + size, 0) < mostGivenBytes,
    give(task) {
      given.push(task)
      const { id, raw, trustedServers } = task
      worker.postMessage({ id, raw, trustedServers })
      if (given.length === 1) watch()
    },
    async stop() {
      cause = 'mail_reader_stopped'
      await worker.terminate()
    },
  }
}

/** A thread so busy that it does not even say has used all there is. */
async function cpuMsOf(worker: Worker) {
  const silent = new AbortController()
  const used = worker.cpuUsage().then(
    ({ user, system }) => (user + system) / 1_000,
    () => 0,
  )
  const waited = sleep(silenceMs, Number.POSITIVE_INFINITY, { signal: silent.signal, ref: false }).catch(
    () => 0,
  )
  return Promise.race([used, waited]).finally(() => silent.abort())
}
