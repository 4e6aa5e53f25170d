import type { queues } from './tables.ts'

export type Queue = typeof queues.$inferSelect

/** A colleague as routing sees him. Moments are milliseconds, loads are units of `channel_weights`. */
export type Agent = {
  id: string
  name: string
  languages: readonly string[]
  skills: readonly string[]
  storeIds: readonly string[] | null
  teamIds: readonly string[]
  isOnline: boolean
  openChats: number
  chatLimit: number
  units: number
  capacity: number
  idleSince: number
  wrapUpUntil: number
}

/** What somebody waits with. `lastAgentId` is who had the customer before, where the queue asks for him. */
export type Waiting = {
  storeId: string
  channelKind: string
  language: string
  queuedAt: number
  isStoreOpen: boolean
  lastAgentId: string | null
}

export type Reason = Queue['strategy'] | 'last_agent' | 'nobody_free' | 'waits_for_last_agent' | 'closed'

/** `candidates` are all who could have taken it, the chosen one first. */
export type Choice = {
  agent: Agent | null
  reason: Reason
  isSpoken: boolean
  candidates: readonly Agent[]
}

type Described = {
  channelKind: string
  storeId: string
  language: string
  reason: string | null
  customerTags: readonly string[]
}

/** The first queue in order whose terms all fit; undefined where none does. */
export const chooseQueue = (inOrder: readonly Queue[], waiting: Described): Queue | undefined =>
  inOrder.find(
    ({ channelKinds, storeIds, languages, reasons, customerTags }) =>
      fits(channelKinds, waiting.channelKind) &&
      fits(storeIds, waiting.storeId) &&
      fits(languages.map(primary), waiting.language) &&
      fits(reasons, waiting.reason) &&
      (customerTags.length === 0 || customerTags.some(tag => waiting.customerTags.includes(tag))),
  )

/**
 * Who of a queue's members should take what waits: at work, not in his wrap-up, with room for its units (and, where
 * it is live, for one more chat), allowed to see the store, with every skill, speaking the language. A language
 * that no fitting member speaks, at work or not, keeps no customer waiting. The agent the customer had before comes
 * first, and is waited for a while when he is at work but has no room.
 */
export function chooseAgent(
  queue: Queue,
  agents: readonly Agent[],
  waiting: Waiting,
  { now, units }: { now: number; units: number },
): Choice {
  const able = agents.filter(
    agent => isMember(queue, agent) && sees(agent, waiting) && hasSkills(queue, agent),
  )
  const isSpoken = able.some(agent => rankOf(agent, waiting.language) >= 0)
  const none = (reason: Reason): Choice => ({ agent: null, reason, isSpoken, candidates: [] })
  if (queue.outOfHours === 'hold' && !waiting.isStoreOpen) return none('closed')
  const fitting = able.filter(agent => agent.isOnline && (!isSpoken || rankOf(agent, waiting.language) >= 0))
  const free = fitting.filter(agent => agent.wrapUpUntil <= now && hasRoom(agent, waiting.channelKind, units))
  const candidates = free.toSorted(orders[queue.strategy](waiting.language))
  const last = fitting.find(({ id }) => id === waiting.lastAgentId)
  if (last && free.includes(last))
    return {
      agent: last,
      reason: 'last_agent',
      isSpoken,
      candidates: [last, ...candidates.filter(one => one !== last)],
    }
  if (last && now < waiting.queuedAt + queue.stickyWaitSeconds * 1_000) return none('waits_for_last_agent')
  const [agent] = candidates
  return agent ? { agent, reason: queue.strategy, isSpoken, candidates } : none('nobody_free')
}

/** The agent's load with one more of it. */
export function takeOn(agent: Agent, channelKind: string, units: number, now: number) {
  agent.units += units
  agent.idleSince = now
  if (isLive(channelKind)) agent.openChats += 1
}

/** And when it is done. */
export function putDown(agent: Agent, channelKind: string, units: number, now: number) {
  agent.units -= units
  agent.idleSince = now
  if (isLive(channelKind)) agent.openChats -= 1
}

export const hasRoom = (agent: Agent, channelKind: string, units: number) =>
  agent.units + units <= agent.capacity && (!isLive(channelKind) || agent.openChats < agent.chatLimit)

export const isMember = ({ teamIds, staffIds }: Pick<Queue, 'teamIds' | 'staffIds'>, agent: Agent) =>
  (teamIds.length === 0 && staffIds.length === 0) ||
  staffIds.includes(agent.id) ||
  agent.teamIds.some(id => teamIds.includes(id))

export const hasSkills = ({ skills }: Pick<Queue, 'skills'>, agent: Agent) =>
  skills.every(skill => agent.skills.includes(skill))

export const sees = (agent: Agent, { storeId }: { storeId: string }) =>
  agent.storeIds === null || agent.storeIds.includes(storeId)

/** Somebody sits at the other end and waits for each line. */
export const isLive = (channelKind: string) => liveKinds.includes(channelKind)
export const liveKinds = ['web_chat', 'call']

export const primary = (tag: string) => tag.toLowerCase().split('-')[0]!

/** The lower, the better he speaks it: people name their first language first. -1 where he does not. */
const rankOf = ({ languages }: Agent, language: string) =>
  languages.findIndex(one => primary(one) === language)

type Order = (a: Agent, b: Agent) => number

const share = ({ units, capacity }: Agent) => (capacity === 0 ? 1 : units / capacity)
const byLoad: Order = (a, b) => share(a) - share(b)
const byIdle: Order = (a, b) => a.idleSince - b.idleSince
/** Among equals the same one each time, so that a choice can be repeated. */
const byId: Order = (a, b) => (a.id < b.id ? -1 : 1)

const orders: Record<Queue['strategy'], (language: string) => Order> = {
  least_loaded: () => (a, b) => byLoad(a, b) || byIdle(a, b) || byId(a, b),
  longest_idle: () => (a, b) => byIdle(a, b) || byLoad(a, b) || byId(a, b),
  // Who speaks it best, and among those who can do the least else: the generalists stay free.
  skill_first: language => (a, b) =>
    rankOf(a, language) - rankOf(b, language) ||
    a.skills.length - b.skills.length ||
    byLoad(a, b) ||
    byIdle(a, b) ||
    byId(a, b),
}

const fits = (wanted: readonly string[], value: string | null) =>
  wanted.length === 0 || (value !== null && wanted.includes(value))
