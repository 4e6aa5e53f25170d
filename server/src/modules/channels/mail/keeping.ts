import { setTimeout as pause } from 'node:timers/promises'
import type { ImapFlow } from 'imapflow'
import { system } from '../../../platform/context.ts'
import { lookingContext, transact, type Workplace } from '../../../platform/work.ts'
import { type Failure, failureOf, MailFailure } from './failures.ts'
import { openFolder, openImap, searchUids } from './imap-session.ts'
import { imapLogin } from './login.ts'
import {
  type FetchedChannel,
  findFetched,
  noteConnected,
  noteFailure,
  noteFetched,
  readFolder,
} from './mailbox-state.ts'
import { forgetAccessToken } from './oauth.ts'
import { compareFolder } from './reconciling.ts'
import { changesSource, settleTaken } from './settling.ts'
import { type Taking, takeMails } from './taking.ts'

/** Milliseconds; other than the usual ones only in tests. */
export type Timing = {
  /** With IDLE a mail is noticed at once; without, or when IDLE died unnoticed, at the latest now. */
  poll: number
  /** How long a poll may go unanswered before the session counts as dead. */
  answer: number
  comparison: number
  firstPause: number
  longestPause: number
}
const second = 1_000
const usual: Timing = {
  poll: 60 * second,
  answer: 30 * second,
  comparison: 900 * second,
  firstPause: second,
  longestPause: 300 * second,
}

const chunk = 200
/** A wrong password tried again and again locks accounts. */
const pauseAfterRefusal = 60 * second
const patientCodes = ['login_refused', 'token_expired', 'token_refused', 'credentials_missing']

/** `look` and `compare` wake whatever it waits for; `stop` ends it when what it has in hand is stored. */
export type Keeper = { look(): void; compare(): void; stop(): Promise<void> }

/** Keeps one session with one mailbox for as long as it may, and begins anew when it is lost. */
export function keepMailbox(place: Workplace, channelId: string, timing: Partial<Timing> = {}): Keeper {
  const times = { ...usual, ...timing }
  const ending = new AbortController()
  const asked = openAsked()
  let client: ImapFlow | undefined
  const suspects = new Set<number>()

  async function keep() {
    for (let failures = 0; !ending.signal.aborted; failures++) {
      const channel = await findFetched(lookingContext(place, system), channelId)
      if (!channel) return
      const failure = await session(channel, () => {
        failures = 0
      })
      if (ending.signal.aborted) return
      if (failure) await rest(failures, failure)
    }
  }

  async function session(channel: FetchedChannel, fetched: () => void): Promise<Failure | null> {
    try {
      const login = await imapLogin(place, channel)
      client = await openImap(place.outbound, channel.settings.imap, login)
      await transact(place, system, ctx => noteConnected(ctx, channel))
      await tend(channel, client, fetched)
      return null
    } catch (error) {
      const failure = failureOf(error)
      // Only a session that just ended makes what it was asked for suspect.
      if (failure.code !== 'disconnected') suspects.clear()
      if (ending.signal.aborted) return null
      if (failure.code === 'login_refused' && channel.settings.auth !== 'password')
        await forgetAccessToken(place, channel.id).catch(() => {})
      place.log.warn({ channel: channel.id, failure, err: error }, 'fetching mail failed')
      return await transact(place, system, ctx => noteFailure(ctx, channel, failure)).then(
        () => failure,
        () => failure,
      )
    } finally {
      client?.close()
      client = undefined
    }
  }

  /** New mail goes before what lay there, at every step, so that a long first import delays nobody. */
  async function tend(channel: FetchedChannel, client: ImapFlow, fetched: () => void) {
    const arrivals = watchArrivals(client)
    const taking = await open(channel, client)
    let todo: number[] = []
    let repairs: number[] = []
    let comparedAt = Number.NEGATIVE_INFINITY
    const compare = async (withRefused: boolean) => {
      const compared = await compareFolder(taking, { withRefused, repairs })
      ;({ missing: todo, overlooked: repairs } = compared)
      // Each has another chance among the others.
      if (withRefused) for (const uid of todo) suspects.delete(uid)
      comparedAt = performance.now()
    }
    const noteAllNewIsHere = async () => {
      await transact(place, system, ctx => noteFetched(ctx, channel))
      fetched()
    }
    while (!ending.signal.aborted) {
      arrivals.isWaiting = false
      await takeNew(taking)
      if (todo.length > 0) {
        await noteAllNewIsHere()
        await takeMails(taking, todo.splice(0, chunk))
        // Once more, for the figures: what is still missing then is missing for a reason.
        if (todo.length === 0) await compare(false)
        if (todo.length > 0) continue
      }
      const isAsked = asked.takeComparison()
      if (isAsked || performance.now() - comparedAt >= times.comparison) {
        await compare(isAsked || comparedAt > 0)
        if (todo.length > 0) continue
      }
      await settleTaken(taking)
      await noteAllNewIsHere()
      await waitForNews(client, arrivals)
      if (!ending.signal.aborted) await refresh(taking)
    }
  }

  async function open(channel: FetchedChannel, client: ImapFlow): Promise<Taking> {
    const opened = await openFolder(client, channel.settings.imap.folder, { writes: changesSource(channel) })
    const folder = await transact(place, system, ctx => readFolder(ctx, channel, opened))
    return { place, channel, client, folder, suspects }
  }

  /** Until something comes, somebody asks, or it is time to look by ourselves. */
  async function waitForNews(client: ImapFlow, arrivals: Arrivals) {
    const news = new AbortController()
    const wake = () => news.abort()
    client.once('close', wake)
    ending.signal.addEventListener('abort', wake)
    asked.wake = wake
    arrivals.wake = wake
    // What happened before anybody listened is not told again.
    const isOver = ending.signal.aborted || !client.usable
    if (isOver || asked.isWaiting() || arrivals.isWaiting) wake()
    if (client.capabilities.has('IDLE')) client.idle().catch(() => {})
    try {
      await pause(times.poll, undefined, { signal: news.signal })
    } catch {
      // Woken.
    } finally {
      asked.wake = () => {}
      arrivals.wake = () => {}
      client.off('close', wake)
      ending.signal.removeEventListener('abort', wake)
    }
    asked.takeLook()
  }

  /** Opening the folder again tells whether the session lives, the folder is there and its UIDs still hold. */
  async function refresh(taking: Taking) {
    const timer = setTimeout(() => taking.client.close(), times.answer)
    try {
      const { folder } = await open(taking.channel, taking.client)
      const isRenumbered = folder.uidValidity !== taking.folder.uidValidity
      taking.folder = folder
      if (isRenumbered) throw new MailFailure('disconnected', 'The folder was renumbered; beginning anew.')
    } finally {
      clearTimeout(timer)
    }
  }

  async function rest(failures: number, { code }: Failure) {
    const bound = Math.min(times.longestPause, times.firstPause * 2 ** Math.min(failures, 20))
    const least = patientCodes.includes(code) ? Math.min(pauseAfterRefusal, times.longestPause) : 0
    const woken = new AbortController()
    const wake = () => woken.abort()
    asked.wake = wake
    ending.signal.addEventListener('abort', wake)
    if (asked.isWaiting()) wake()
    await pause(Math.max(least, bound * (0.5 + Math.random() / 2)), undefined, {
      signal: woken.signal,
    }).catch(() => {})
    ending.signal.removeEventListener('abort', wake)
    asked.wake = () => {}
    asked.takeLook()
  }

  const done = keepGoing()
  async function keepGoing() {
    while (!ending.signal.aborted) {
      try {
        return await keep()
      } catch (error) {
        // The database is away, most likely.
        place.log.warn({ channel: channelId, err: error }, 'fetching mail paused')
        await pause(times.firstPause, undefined, { signal: ending.signal }).catch(() => {})
      }
    }
  }

  return {
    look: asked.askToLook,
    compare: asked.askToCompare,
    async stop() {
      ending.abort()
      // What is being stored is stored; a server that does not answer is not waited for.
      const timer = setTimeout(() => client?.close(), 2 * second)
      await done
      clearTimeout(timer)
    },
  }
}

type Arrivals = ReturnType<typeof watchArrivals>

/** Servers tell of new mail in whatever they answer, and only once: also while nobody waits for it. */
function watchArrivals(client: ImapFlow) {
  const arrivals = { isWaiting: false, wake: () => {} }
  client.on('exists', () => {
    arrivals.isWaiting = true
    arrivals.wake()
  })
  return arrivals
}

/** What came since the cursor, until nothing more does. */
async function takeNew(taking: Taking) {
  const { client, folder } = taking
  for (;;) {
    const listed = await searchUids(client, { uid: `${folder.lastUid + 1}:*` })
    const fresh = listed.filter(uid => uid > folder.lastUid).slice(0, chunk)
    const last = fresh.at(-1)
    if (last === undefined) return
    await takeMails(taking, fresh, { upTo: last })
    folder.lastUid = last
  }
}

function openAsked() {
  let look = false
  let comparison = false
  const asked = {
    wake: () => {},
    isWaiting: () => look || comparison,
    askToLook() {
      look = true
      asked.wake()
    },
    askToCompare() {
      comparison = true
      asked.wake()
    },
    takeLook() {
      look = false
    },
    takeComparison() {
      const was = comparison
      comparison = false
      return was
    },
  }
  return asked
}
