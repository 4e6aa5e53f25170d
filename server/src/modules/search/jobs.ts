import { setTimeout as sleep } from 'node:timers/promises'
import { isDatabaseAway } from '../../platform/errors.ts'
import type { Cursor } from '../../platform/events.ts'
import type { Worker } from '../../platform/module.ts'
import type { Workplace } from '../../platform/work.ts'
import { indexNews, walkOn } from './indexing.ts'

/** After a batch it lets others have the machine, and what comes meanwhile is one batch. */
const restMs = 150
/** While the walk has nothing before it, it looks so often whether something came in without an event. */
const walkEveryMs = 30_000

/** Keeps the index behind what is written, so that neither a customer's message nor a reply waits for it. */
export function startIndexing(place: Workplace): Worker {
  const seen: { gap: Cursor | null } = { gap: null }
  const ending = new AbortController()
  let isAsked = false
  let isWalking = true
  let walkedAt = 0
  let working: Promise<void> = Promise.resolve()

  async function work() {
    isAsked = false
    if (ending.signal.aborted) return
    const began = performance.now()
    const isMore = await indexNews(place, seen)
    if (!isMore && (isWalking || began - walkedAt > walkEveryMs)) {
      isWalking = await walkOn(place)
      walkedAt = began
    }
    if (isMore || isWalking) worker.wake()
    await sleep(Math.max(restMs, performance.now() - began), undefined, { signal: ending.signal }).catch(
      () => {},
    )
  }

  const worker: Worker = {
    wake() {
      if (isAsked || ending.signal.aborted) return
      isAsked = true
      working = working.then(work).catch(error => {
        if (!isDatabaseAway(error)) place.log.warn({ err: error }, 'the search index lags behind')
      })
    },
    async stop() {
      ending.abort()
      await working
    },
  }
  return worker
}
