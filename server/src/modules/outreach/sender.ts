import { system } from '../../platform/context.ts'
import type { Worker } from '../../platform/module.ts'
import { lookingContext, transact, type Workplace } from '../../platform/work.ts'
import type { SendResult } from '../channels/adapter.ts'
import { adapterOf } from '../channels/adapters.ts'
import { secretsOf } from '../channels/channels.ts'
import { type Claimed, claimDeliveries, hasDueDeliveries, settleDelivery } from './leases.ts'

const atOnce = 64
/** Every commit of the house wakes the sender, so it looks at most so often. */
const looksEveryMs = 25
const lastWordMs = 5_000

/** Sends what is due, many at a time, and looks again at every commit and every answer. */
export function startSending(place: Workplace): Worker {
  const sending: Underway = new Set()
  let isAsked = false
  let isLooking = false
  let stopped = false
  let rest: NodeJS.Timeout | undefined

  async function look() {
    isLooking = true
    isAsked = false
    try {
      while (!stopped && (await sendSome(place, sending, wake))) {}
    } catch (error) {
      place.log.warn({ err: error }, 'sending paused')
    }
    rest = setTimeout(() => {
      isLooking = false
      if (isAsked && !stopped) look()
    }, looksEveryMs)
  }

  function wake() {
    isAsked = true
    if (!isLooking && !stopped) look()
  }

  return {
    wake,
    /** Waits a little for answers; what has none by then is found by its lease. */
    async stop() {
      stopped = true
      clearTimeout(rest)
      let impatient: NodeJS.Timeout | undefined
      const late = new Promise(done => {
        impatient = setTimeout(done, lastWordMs)
      })
      await Promise.race([Promise.all(sending), late])
      clearTimeout(impatient)
    },
  }
}

/** Sends what may go now, and what may go because of that; ends when there is an answer to all of it. */
export async function sendDue(place: Workplace) {
  const sending: Underway = new Set()
  for (;;) {
    // An answer that comes while we look may free the next one, so only a look with nothing underway is the last.
    const underway = sending.size
    if (await sendSome(place, sending)) continue
    if (underway === 0) return
    if (sending.size > 0) await Promise.race(sending)
  }
}

type Underway = Set<Promise<void>>

/** Claims as many as there is room for and begins to send them; answers whether there were any. */
async function sendSome(place: Workplace, sending: Underway, answered = () => {}): Promise<boolean> {
  const room = atOnce - sending.size
  if (room === 0 || !(await hasDueDeliveries(lookingContext(place, system)))) return false
  const claimed = await transact(place, system, ctx => claimDeliveries(ctx, room))
  for (const delivery of claimed) {
    const sent = sendOne(place, delivery).finally(() => {
      sending.delete(sent)
      answered()
    })
    sending.add(sent)
  }
  return claimed.length > 0
}

/** Sends one and writes down what became of it. Never throws: without a word its lease runs out. */
async function sendOne(place: Workplace, claimed: Claimed): Promise<void> {
  try {
    const result = await attempt(place, claimed)
    await transact(place, system, ctx => settleDelivery(ctx, claimed, result))
  } catch (error) {
    place.log.warn(
      { delivery: claimed.id, err: error },
      'what became of a delivery could not be written down',
    )
  }
}

async function attempt(place: Workplace, { channel, wasLost, ...delivery }: Claimed): Promise<SendResult> {
  const adapter = adapterOf(channel.kind)
  if (!adapter.send) return { outcome: 'refused', reason: 'nothing_is_sent_here' }
  if (wasLost && !adapter.isRepeatable) return { outcome: 'uncertain', reason: 'sender_died' }
  try {
    const door = {
      outbound: place.outbound,
      now: place.clock.now(),
      url: place.url,
      secrets: secretsOf(place.secrets, channel),
      place,
    }
    return await adapter.send(door, channel, delivery)
  } catch (error) {
    place.log.error({ delivery: delivery.id, err: error }, 'a delivery failed in an unforeseen way')
    return adapter.isRepeatable
      ? { outcome: 'later', reason: 'failed' }
      : { outcome: 'uncertain', reason: 'failed' }
  }
}
