import path from 'node:path'
import { Refusal } from '../errors.ts'
import type { Envelope } from './authentication.ts'
import { openAuthenticator } from './authenticator.ts'
import type { Authentication, Mail } from './mail.ts'
import { openProcess, type ReaderProcess } from './reader-process.ts'

/** `sha256`: a content of the file store. */
export type RawMail = { bytes: Uint8Array } | { path: string } | { sha256: string }

export type ReadOptions = {
  /** Before all that are not. */
  urgent?: boolean
  /** Bytes of what is not given as bytes; the time it may take grows with them. */
  size?: number
  trustedServers?: readonly string[]
  /** Whether the sender may be checked by look-ups; otherwise only the word of a trusted server counts. */
  looksUp?: boolean
  envelope?: Envelope
}

export type ReaderOptions = {
  /** Where files are kept, as `openFiles` does; absent, they are only counted and hashed. */
  filesDir?: string
  processes?: number
  /** What one mail may take, and as much again for each megabyte of it. */
  budgetMs?: number
  budgetMsPerMb?: number
  /** Of the heap of one process. */
  maxMemoryMb?: number
  idleMs?: number
  mostFileBytes?: number
  /** Whom a mail that looks up is shown to; our own name servers unless told. */
  authenticate?: (raw: Buffer | { path: string }, door: Envelope) => Promise<Authentication>
  /** What a process runs: a test may give one that misbehaves. */
  program?: URL
}

export type Reader = {
  read(raw: RawMail, options?: ReadOptions): Promise<Mail>
  /** Mails are on their way: a process starts while they are. */
  expect(): void
  stop(): Promise<void>
}

export type ProgramSettings = { filesDir: string | null; mostFileBytes: number }
export type Task = {
  id: number
  raw: { bytes: Uint8Array } | { path: string }
  trustedServers: readonly string[]
}
export type Answer =
  | { id: number; mail: Mail }
  | {
      id: number
      error: { name: string; message: string; code?: string | undefined; status?: number | undefined }
    }

/** A mail that cannot be read here and now: its bytes are fine and may be shown as they are. */
export class MailUnreadable extends Error {
  code: 'mail_too_hard' | 'mail_too_much_memory' | 'mail_reader_died' | 'mail_reader_stopped'

  constructor(code: MailUnreadable['code']) {
    super(messages[code])
    this.name = 'MailUnreadable'
    this.code = code
  }
}

const messages = {
  mail_too_hard: 'Reading this mail took too long.',
  mail_too_much_memory: 'Reading this mail took too much memory.',
  mail_reader_died: 'The process that read this mail ended.',
  mail_reader_stopped: 'Mails are not read any more.',
}

export type Waiting = Task & {
  size: number
  urgent: boolean
  /** A process ended with it once. */
  isTried: boolean
  resolve(mail: Mail): void
  reject(error: Error): void
}

const mb = 1024 * 1024
const mostFailedStarts = 3

/**
 * Reads mails in processes of their own. A mail that takes too much time or memory, or kills its process, is
 * rejected with `MailUnreadable`; those sent along with it are read by the next one. They start with the first
 * mail, or when it is expected, and end when nothing came for a while.
 */
export function openReader({
  filesDir,
  processes = 1,
  budgetMs = 2_000,
  budgetMsPerMb = 1_000,
  maxMemoryMb = 256,
  idleMs = 60_000,
  mostFileBytes = 100 * mb,
  authenticate,
  program = new URL('./reader-program.ts', import.meta.url),
}: ReaderOptions = {}): Reader {
  const waiting = { urgent: [] as Waiting[], other: [] as Waiting[] }
  const pool = new Set<ReaderProcess>()
  const authenticator = authenticate
    ? { authenticate, expect: () => {}, stop: async () => {} }
    : openAuthenticator()
  let ids = 0
  let isStopped = false
  let failedStarts = 0

  const take = () => waiting.urgent.shift() ?? waiting.other.shift()
  const putBack = (tasks: Waiting[]) => {
    for (const task of tasks.toReversed()) (task.urgent ? waiting.urgent : waiting.other).unshift(task)
  }

  const refuseAll = (code: MailUnreadable['code']) => {
    for (const task of [...waiting.urgent.splice(0), ...waiting.other.splice(0)])
      task.reject(new MailUnreadable(code))
  }

  function work() {
    const isAnyWaiting = () => waiting.urgent.length + waiting.other.length > 0
    for (const one of pool) {
      while (isAnyWaiting() && one.hasRoom()) one.give(take()!)
    }
    if (!isAnyWaiting() || pool.size >= processes || isStopped) return
    start()
    work()
  }

  function start() {
    const opened = openProcess({
      ...{ program, maxMemoryMb, idleMs },
      settings: { filesDir: filesDir ?? null, mostFileBytes },
      budgetFor: size => budgetMs + (budgetMsPerMb * size) / mb,
      onRoom: work,
      onEnd(given, hasBegun) {
        pool.delete(opened)
        failedStarts = hasBegun ? 0 : failedStarts + 1
        putBack(given)
        if (isStopped) refuseAll('mail_reader_stopped')
        else if (failedStarts >= mostFailedStarts) refuseAll('mail_reader_died')
        else work()
      },
    })
    pool.add(opened)
  }

  return {
    async read(raw, { urgent = false, size, trustedServers = [], looksUp = false, envelope = {} } = {}) {
      if (isStopped) throw new MailUnreadable('mail_reader_stopped')
      // Who vouches for a sender is found out after the mail is read, by somebody who takes as long to start.
      if (looksUp && trustedServers.length === 0) authenticator.expect()
      const source = 'sha256' in raw ? { path: contentPath(filesDir, raw.sha256) } : raw
      const mail = await new Promise<Mail>((resolve, reject) => {
        ids += 1
        const bytes = size ?? ('bytes' in source ? source.bytes.length : 0)
        const about = { id: ids, raw: source, trustedServers, size: bytes, urgent, isTried: false }
        const task = { ...about, resolve, reject }
        ;(urgent ? waiting.urgent : waiting.other).push(task)
        work()
      })
      if (!looksUp || (mail.authentication.by !== null && !envelope.clientIp)) return mail
      const whole = 'bytes' in source ? Buffer.from(source.bytes) : source
      return { ...mail, authentication: await authenticator.authenticate(whole, envelope) }
    },
    expect() {
      if (pool.size === 0 && !isStopped) start()
    },
    async stop() {
      isStopped = true
      refuseAll('mail_reader_stopped')
      await Promise.all([...[...pool].map(one => one.stop()), authenticator.stop()])
    },
  }
}

function contentPath(filesDir: string | undefined, sha256: string) {
  if (!filesDir || !/^[0-9a-f]{64}$/.test(sha256)) throw new TypeError('There is no such content.')
  return path.join(filesDir, sha256.slice(0, 2), sha256.slice(2))
}

/** What a process threw, as what it was: a full disk is for the caller to wait for. */
export function errorOf({ name, message, code, status }: Extract<Answer, { error: unknown }>['error']) {
  if (name === 'Refusal') return new Refusal(status ?? 500, code ?? 'unknown', message)
  return Object.assign(new Error(message), { name, ...(code !== undefined && { code }) })
}
