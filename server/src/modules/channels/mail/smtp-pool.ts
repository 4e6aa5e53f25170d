import { createHash } from 'node:crypto'
import type { Outbound } from '../../../platform/outbound.ts'
import { openSmtp, type SmtpServer, type SmtpSession, step } from './smtp-session.ts'

/** Servers count connections; one that rests longer is closed by many of them, and we would notice too late. */
const mostResting = 2
const restMs = 10_000

export type Borrowed = { session: SmtpSession; isFresh: boolean; giveBack(): void; drop(): void }

/** A session with this server under this login: a resting one, or a new one. */
export async function borrowSmtp(outbound: Outbound, server: SmtpServer): Promise<Borrowed> {
  const all = restingOf.get(outbound) ?? new Map<string, Set<Resting>>()
  restingOf.set(outbound, all)
  const key = keyOf(server)
  const resting = all.get(key) ?? new Set()
  all.set(key, resting)
  const [rested] = resting
  if (rested) {
    rested.wake()
    if (await isAlive(rested.session)) return lend(rested.session, false)
  }
  return lend(await openSmtp(outbound, server), true)

  function lend(session: SmtpSession, isFresh: boolean): Borrowed {
    return {
      session,
      isFresh,
      giveBack: () => (resting.size < mostResting ? rest(resting, session) : session.quit()),
      drop: () => session.close(),
    }
  }
}

type Resting = { session: SmtpSession; wake(): void }
const restingOf = new WeakMap<Outbound, Map<string, Set<Resting>>>()

/** Neither the timer nor the socket keeps a process from ending. */
function rest(all: Set<Resting>, session: SmtpSession) {
  const resting = {
    session,
    wake() {
      clearTimeout(timer)
      session.off('end', resting.wake)
      all.delete(resting)
    },
  }
  const timer = setTimeout(() => {
    resting.wake()
    session.quit()
  }, restMs).unref()
  session.once('end', resting.wake)
  all.add(resting)
}

async function isAlive(session: SmtpSession) {
  try {
    await step(session, done => session.reset(done))
    return true
  } catch {
    session.close()
    return false
  }
}

const keyOf = (server: SmtpServer) => createHash('sha256').update(JSON.stringify(server)).digest('hex')
