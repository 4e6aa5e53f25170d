import { setTimeout as sleep } from 'node:timers/promises'
import { system } from '../../platform/context.ts'
import { isCollision, isDatabaseAway, reasonOf } from '../../platform/errors.ts'
import type { Mail } from '../../platform/mail/mail.ts'
import type { Worker } from '../../platform/module.ts'
import { lookingContext, transact, type Workplace } from '../../platform/work.ts'
import { claimHeads, claimInbound, failInbound, waitingLanes } from '../channels/ledger.ts'
import { lanes } from '../channels/tables.ts'
import { type ReadAhead, startReadingAhead } from './mail/reading-ahead.ts'
import { takeInMails } from './mail/taking-in.ts'
import { takeInMessages } from './taking-in.ts'

const batchSize = 200
/** While chat and webhooks keep both their lanes busy, mail is looked for so often at most. */
const restMs = 50
const longestPauseMs = 50

/**
 * Takes what the ledger holds into conversations: every lane in order and by itself, whole batches in one
 * transaction. A batch that fails is taken again one by one, so the one bad item is found, tried five times and
 * parked, while the line goes on.
 */
export function startTakingIn(place: Workplace): Worker {
  const reader = startReadingAhead(place)
  const draining = new Map<number, Promise<void>>()
  const askedAgain = new Set<number>()
  let isAsked = false
  let stopped = false
  let looking: Promise<void> = Promise.resolve()
  let askedAt = 0
  let later: NodeJS.Timeout | undefined
  const ending = new AbortController()

  const notePause = (error: unknown) => place.log.warn({ err: error }, 'taking in paused')

  async function look() {
    isAsked = false
    if (stopped) return
    // What is being worked on looks again by itself; under load that spares the question for every message.
    const underway = [...draining.keys()]
    for (const lane of underway) start(lane)
    const isBusy = lanes.live.every(lane => draining.has(lane))
    if (isBusy && performance.now() - askedAt < restMs) {
      later ??= setTimeout(lookLater, restMs)
      return
    }
    askedAt = performance.now()
    for (const lane of await waitingLanes(lookingContext(place, system))) start(lane)
  }

  function lookLater() {
    later = undefined
    worker.wake()
  }

  /** No lane waits for another: one that always has something would starve the rest. */
  function start(lane: number) {
    if (stopped) return
    if (draining.has(lane)) return void askedAgain.add(lane)
    const drained = drain(lane)
      .catch(notePause)
      .then(() => {
        draining.delete(lane)
        if (askedAgain.delete(lane)) start(lane)
      })
    draining.set(lane, drained)
  }

  async function drain(lane: number) {
    const takeNext = isMailLane(lane) ? openMailLane(lane) : takeMessages
    let limit = batchSize
    while (!stopped) {
      const began = performance.now()
      try {
        const taken = await takeNext(lane, limit)
        // Nothing more, or another process has the lane.
        if (taken === 0) return
        if (taken < limit && !isMailLane(lane)) return await pause(performance.now() - began)
        limit = Math.min(limit * 2, batchSize)
      } catch (error) {
        if (isDatabaseAway(error) || isCollision(error)) return
        if (limit === 1) await transact(place, system, ctx => failInbound(ctx, lane, reasonOf(error)))
        limit = 1
      }
    }
  }

  /**
   * A batch costs nearly the same however small it is, so a lane that is empty now waits as long as its batch took:
   * a lone message is taken at once, and under load what comes meanwhile is one batch.
   */
  const pause = (tookMs: number) =>
    sleep(Math.min(tookMs, longestPauseMs), undefined, { signal: ending.signal }).catch(() => {})

  /** Takes the next items of a lane in one transaction; answers how many. */
  const takeMessages = (lane: number, limit: number): Promise<number> =>
    transact(place, system, async ctx => {
      const items = await claimInbound(ctx, lane, limit)
      if (items.length > 0) await takeInMessages(ctx, items)
      return items.length
    })

  /** As `takeMessages`; and while mails are being placed, those behind them are being read. */
  function openMailLane(lane: number) {
    let reading: Promise<ReadAhead> | null = null
    return async (_: number, limit: number): Promise<number> => {
      const read = reading ?? reader.readAhead(lane, { limit })
      reading = null
      const ahead = await read
      if (ahead.size === 0) return 0
      const behind = reader.readAhead(lane, { limit, after: Math.max(...ahead.keys()) })
      // Looked at when its turn comes; until then a failure must not count as one that nobody looks at.
      behind.catch(() => {})
      const placed = await placeMails(lane, ahead)
      // Where one failed or another came before them, who is next is asked anew.
      if (placed === ahead.size) reading = behind
      return placed === null ? 0 : Math.max(placed, 1)
    }
  }

  /** How many of them; null where another process has the lane. */
  function placeMails(lane: number, ahead: ReadAhead): Promise<number | null> {
    return transact(place, system, async ctx => {
      const items = await claimHeads(ctx, lane, ahead.size)
      if (items.length === 0) return null
      // What stands behind an item that could not be read waits for the next round, in which that one fails alone.
      const firstUnread = items.findIndex(item => !ahead.has(item.id) || ahead.get(item.id) instanceof Error)
      const read = items.slice(0, firstUnread === -1 ? items.length : firstUnread)
      const failed = ahead.get(items[0]!.id)
      if (failed instanceof Error) throw failed
      await takeInMails(
        ctx,
        place.secrets,
        read.map(item => ({ item, mail: ahead.get(item.id) as Mail })),
      )
      return read.length
    })
  }

  const worker: Worker = {
    follows: 'inbound',
    wake() {
      if (isAsked || stopped) return
      isAsked = true
      looking = looking.then(look).catch(notePause)
    },
    async stop() {
      stopped = true
      ending.abort()
      await looking
      clearTimeout(later)
      await Promise.all(draining.values())
      await reader.stop()
    },
  }
  return worker
}

const isMailLane = (lane: number) => !(lanes.live as readonly number[]).includes(lane)
