import { type BusinessCalendar, isOpen, nextOpening } from '../settings/business-time.ts'
import { type Agent, chooseAgent, chooseQueue, putDown, type Queue, takeOn } from './choosing.ts'
import { unitsOf, type Weights } from './weights.ts'

/** One conversation of the stretch that is replayed. Moments are milliseconds. */
export type Arrival = {
  id: string
  at: number
  storeId: string
  channelKind: string
  language: string
  reason: string | null
  customerId: string
  customerTags: readonly string[]
  /** The higher, the sooner. */
  priority: number
  handleMs: number
  /** Whom the customer had before the stretch began, and when he last heard of him. */
  last: { agentId: string; at: number } | null
}

/** An agent with what he was during the stretch: at work from `from` to `to`, any number of times. */
export type Shift = { from: number; to: number }
export type Player = Omit<Agent, 'isOnline' | 'openChats' | 'units' | 'idleSince' | 'wrapUpUntil'> & {
  shifts: readonly Shift[]
}

export type Play = {
  queues: readonly Queue[]
  players: readonly Player[]
  arrivals: readonly Arrival[]
  calendars: ReadonlyMap<string, BusinessCalendar>
  weights: Weights
  /** Who waits longer hangs up. */
  patienceMs: number
  from: number
  /** When it is over: who still waits then has waited until then. */
  until: number
}

export type Waited = {
  id: string
  queueId: string | null
  agentId: string | null
  waitedMs: number
  end: 'taken' | 'abandoned' | 'waiting' | 'held'
}

type Line = Arrival & { queue: Queue | null; queuedAt: number; overflowAt: number; isVip: boolean }

/**
 * Plays a stretch of arrivals against queues and shifts, by the same choices as the allocator makes: every moment at
 * which somebody comes, leaves, becomes free, overflows or opens is looked at, in order, and the same input always
 * gives the same answer.
 */
export function play(given: Play): Waited[] {
  const { queues, arrivals, calendars, weights, patienceMs } = given
  const byId = new Map(queues.map(queue => [queue.id, queue]))
  const agents = given.players.map(player => ({
    ...player,
    isOnline: false,
    openChats: 0,
    units: 0,
    idleSince: given.from,
    wrapUpUntil: 0,
  }))
  const ends: { at: number; agent: (typeof agents)[number]; line: Line }[] = []
  const lasts = new Map<string, { agentId: string; at: number }>()
  const waiting: Line[] = []
  const held: Line[] = []
  const done: Waited[] = []
  const moments = openMoments()
  for (const { at } of arrivals) moments.add(at)
  for (const { shifts } of agents) for (const { from } of shifts) moments.add(from)
  moments.add(given.until)

  const isOpenAt = (storeId: string, at: number) => isOpen(calendars.get(storeId) ?? 'always', new Date(at))

  function enter(line: Line, queue: Queue | null, at: number) {
    const other =
      queue?.outOfHours === 'other_queue' && !isOpenAt(line.storeId, at)
        ? byId.get(queue.outOfHoursQueueId ?? '')
        : undefined
    if (other) return enter(line, other, at)
    const isHeld = queue?.outOfHours === 'hold' && !isOpenAt(line.storeId, at)
    const opensAt = isHeld ? nextOpening(calendars.get(line.storeId)!, new Date(at))?.getTime() : at
    line.queue = queue
    line.queuedAt = at
    line.overflowAt =
      queue?.overflowSeconds && opensAt !== undefined
        ? opensAt + queue.overflowSeconds * 1_000
        : Number.POSITIVE_INFINITY
    line.isVip = queue ? queue.vipTags.some(tag => line.customerTags.includes(tag)) : false
    moments.add(line.overflowAt)
    if (opensAt !== undefined && opensAt > at) moments.add(opensAt)
    if (queue && queue.stickyHours !== null) moments.add(at + queue.stickyWaitSeconds * 1_000)
  }

  function release(now: number) {
    for (let n = ends.length - 1; n >= 0; n--) {
      const { at, agent, line } = ends[n]!
      if (at > now) continue
      ends.splice(n, 1)
      putDown(agent, line.channelKind, unitsOf(weights, line.channelKind), at)
      const wrapUpUntil = at + (line.queue?.wrapUpSeconds ?? 0) * 1_000
      agent.wrapUpUntil = Math.max(agent.wrapUpUntil, wrapUpUntil)
      if (wrapUpUntil > now) moments.add(wrapUpUntil)
    }
  }

  function leave(now: number) {
    for (let n = waiting.length - 1; n >= 0; n--) {
      const line = waiting[n]!
      if (line.queue?.pushes === false || line.at + patienceMs > now) continue
      waiting.splice(n, 1)
      done.push({
        id: line.id,
        queueId: line.queue?.id ?? null,
        agentId: null,
        waitedMs: patienceMs,
        end: 'abandoned',
      })
    }
  }

  function serve(now: number) {
    for (const queue of queues) {
      if (!queue.pushes) continue
      const line = waiting.filter(one => one.queue === queue).sort(inLine)
      for (const one of line) {
        const last = lasts.get(one.customerId) ?? one.last
        const isKnown = last && queue.stickyHours !== null && last.at > now - queue.stickyHours * 3_600_000
        const units = unitsOf(weights, one.channelKind)
        const asked = {
          ...one,
          isStoreOpen: isOpenAt(one.storeId, now),
          lastAgentId: isKnown ? last.agentId : null,
        }
        const { agent } = chooseAgent(queue, agents, asked, { now, units })
        if (!agent) continue
        takeOn(agent, one.channelKind, units, now)
        waiting.splice(waiting.indexOf(one), 1)
        ends.push({ at: now + one.handleMs, agent: agents.find(({ id }) => id === agent.id)!, line: one })
        moments.add(now + one.handleMs)
        lasts.set(one.customerId, { agentId: agent.id, at: now + one.handleMs })
        done.push({ id: one.id, queueId: queue.id, agentId: agent.id, waitedMs: now - one.at, end: 'taken' })
      }
    }
  }

  const coming = arrivals.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  for (let now = moments.next(); now !== undefined && now <= given.until; now = moments.next()) {
    release(now)
    for (const agent of agents)
      agent.isOnline = agent.shifts.some(({ from, to }) => from <= now! && now! < to)
    while (coming[0] && coming[0].at <= now) {
      const line: Line = { ...coming.shift()!, queue: null, queuedAt: now, overflowAt: 0, isVip: false }
      enter(line, chooseQueue(queues, line) ?? null, now)
      if (!mayMove(line)) {
        held.push(line)
        continue
      }
      waiting.push(line)
      moments.add(line.at + patienceMs)
    }
    for (const line of waiting) {
      if (line.queue?.outOfHours === 'other_queue' && !isOpenAt(line.storeId, now))
        enter(line, line.queue, now)
      else if (line.overflowAt <= now)
        enter(line, byId.get(line.queue?.overflowQueueId ?? '') ?? line.queue, now)
    }
    serve(now)
    leave(now)
  }
  for (const line of [...waiting, ...held])
    done.push({
      id: line.id,
      queueId: line.queue?.id ?? null,
      agentId: null,
      waitedMs: given.until - line.at,
      end: line.queue?.pushes ? 'waiting' : 'held',
    })
  return done
}

/** The others lie where they are until a person pulls them. */
const mayMove = ({ queue, overflowAt }: Line) =>
  queue !== null && (queue.pushes || queue.outOfHours === 'other_queue' || Number.isFinite(overflowAt))

/** As a line is served: what is urgent, then VIP, then who waits longest. */
const inLine = (a: Line, b: Line) =>
  b.priority - a.priority || Number(b.isVip) - Number(a.isVip) || a.at - b.at || (a.id < b.id ? -1 : 1)

/** Moments to look at, each once and in order, however they were added: a binary heap. */
function openMoments() {
  const heap: number[] = []
  let last = Number.NEGATIVE_INFINITY

  function take(): number | undefined {
    const top = heap[0]
    const end = heap.pop()
    if (heap.length === 0 || end === undefined) return top
    let n = 0
    for (let child = 1; child < heap.length; child = 2 * n + 1) {
      if (heap[child + 1] !== undefined && heap[child + 1]! < heap[child]!) child += 1
      if (heap[child]! >= end) break
      heap[n] = heap[child]!
      n = child
    }
    heap[n] = end
    return top
  }

  return {
    add(at: number) {
      if (!Number.isFinite(at) || at <= last) return
      let n = heap.push(at) - 1
      for (let up = (n - 1) >> 1; n > 0 && heap[up]! > at; n = up, up = (n - 1) >> 1) {
        heap[n] = heap[up]!
        heap[up] = at
      }
    },
    next(): number | undefined {
      for (let at = take(); at !== undefined; at = take())
        if (at > last) {
          last = at
          return at
        }
      return undefined
    },
  }
}

export type Figures = {
  count: number
  p50Seconds: number
  p90Seconds: number
  maxSeconds: number
  abandonedShare: number
}

/** Of those whose wait ended somehow; what only lies in a queue for people to pull is counted, not timed. */
export function figuresOf(waited: readonly Waited[], patienceMs: number): Figures {
  const timed = waited.filter(({ end }) => end !== 'held')
  const seconds = timed.map(({ waitedMs }) => waitedMs / 1_000).sort((a, b) => a - b)
  const at = (share: number) => seconds[Math.max(0, Math.ceil(share * seconds.length) - 1)] ?? 0
  const abandoned = timed.filter(({ end, waitedMs }) => end === 'abandoned' || waitedMs > patienceMs)
  return {
    count: waited.length,
    p50Seconds: Math.round(at(0.5)),
    p90Seconds: Math.round(at(0.9)),
    maxSeconds: Math.round(at(1)),
    abandonedShare: timed.length === 0 ? 0 : abandoned.length / timed.length,
  }
}
