import { type Agent, hasSkills, isMember, type Queue, sees } from './choosing.ts'

export type QueueWarning = {
  code: 'no_members' | 'nobody_with_skills' | 'no_member_sees_store' | 'unreachable' | 'overlaps'
  /** The earlier queue, where it is about one. */
  queueId: string | null
  queue: string | null
}

const terms = ['channelKinds', 'storeIds', 'languages', 'reasons', 'customerTags'] as const

/** What is wrong with a queue as it stands in the order: nobody to take from it, or nothing that reaches it. */
export function warningsOf(
  queue: Queue,
  inOrder: readonly Queue[],
  agents: readonly Agent[],
): QueueWarning[] {
  const of = (code: QueueWarning['code'], earlier?: Queue): QueueWarning => ({
    code,
    queueId: earlier?.id ?? null,
    queue: earlier?.name ?? null,
  })
  const members = agents.filter(agent => isMember(queue, agent))
  const able = members.filter(agent => hasSkills(queue, agent))
  const unseen = queue.storeIds.some(storeId => !able.some(agent => sees(agent, { storeId })))
  const before = inOrder.slice(
    0,
    inOrder.findIndex(({ id }) => id === queue.id),
  )
  const wider = before.find(earlier => holds(earlier, queue))
  const crossing = before.find(earlier => meets(earlier, queue) && !holds(queue, earlier))
  return [
    ...(members.length === 0 ? [of('no_members')] : []),
    ...(members.length > 0 && able.length === 0 ? [of('nobody_with_skills')] : []),
    ...(able.length > 0 && unseen ? [of('no_member_sees_store')] : []),
    ...(wider ? [of('unreachable', wider)] : crossing ? [of('overlaps', crossing)] : []),
  ]
}

/** The way back to a queue that it sends on to, by overflow or out of hours; empty where there is none. */
export function loopThrough(start: Queue, all: readonly Queue[]): string[] {
  const byId = new Map(all.map(queue => [queue.id, queue]))
  const walk = (id: string, path: string[]): string[] => {
    if (path.includes(id)) return id === start.id ? path : []
    const queue = byId.get(id)
    if (!queue) return []
    return (
      exitsOf(queue)
        .map(next => walk(next, [...path, id]))
        .find(found => found.length > 0) ?? []
    )
  }
  return walk(start.id, [])
}

export const exitsOf = (queue: Pick<Queue, 'overflowQueueId' | 'outOfHours' | 'outOfHoursQueueId'>) =>
  [queue.overflowQueueId, queue.outOfHours === 'other_queue' ? queue.outOfHoursQueueId : null].filter(
    id => id !== null,
  )

/** Whatever fits `narrow` fits `wide` too. */
const holds = (wide: Queue, narrow: Queue) =>
  terms.every(
    term =>
      wide[term].length === 0 ||
      (narrow[term].length > 0 && narrow[term].every(value => wide[term].includes(value))),
  )

const meets = (a: Queue, b: Queue) =>
  terms.every(
    term => a[term].length === 0 || b[term].length === 0 || a[term].some(value => b[term].includes(value)),
  )
