import { dateIn } from '../../ui/spell.ts'
import type { Assignment, Message } from './api.ts'

export type Thread = { items: Message[]; reachedStart: boolean }

/** How far on a delivery is: of two copies of a message the one further on is the newer. */
const progress = ['queued', 'uncertain', 'refused', 'sent', 'delivered', 'read']

/**
 * The messages of both, each once, in order of `seq`. It does not matter in which order, or how often,
 * pages and pushes arrive: the same set of copies always gives the same list.
 */
export function mergeMessages(one: readonly Message[], other: readonly Message[]): Message[] {
  const bySeq = new Map<number, Message>()
  for (const message of [...one, ...other]) {
    const known = bySeq.get(message.seq)
    bySeq.set(message.seq, known ? newer(known, message) : message)
  }
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq)
}

function newer(one: Message, other: Message) {
  const ahead = step(other) - step(one)
  if (ahead !== 0) return ahead > 0 ? other : one
  if (one === other) return one
  // Copies equally far on differ only if the server changed something else: any fixed choice will do.
  return JSON.stringify(other) > JSON.stringify(one) ? other : one
}

/** A mail comes back after it was delivered, so nothing is further on than that. */
const step = ({ delivery }: Message) => {
  if (!delivery) return -1
  return delivery.reason?.startsWith('bounced_') ? progress.length : progress.indexOf(delivery.state)
}

const isUnderWay = ({ kind, delivery }: Message) =>
  kind === 'reply' && delivery !== null && !['read', 'refused'].includes(delivery.state)

const recent = 30

/**
 * From where to fetch on: after the newest message, or a little before it while a recent reply is still
 * under way, because its ticks change without a new `seq`.
 */
export function resumeSeq(items: readonly Message[]) {
  const tail = items.slice(-recent)
  const underWay = tail.find(isUnderWay)
  return underWay ? underWay.seq - 1 : (items.at(-1)?.seq ?? 0)
}

const together = 5 * 60_000

export type Line =
  | { type: 'day'; key: string; at: string }
  | { type: 'assignment'; key: string; assignment: Assignment }
  | { type: 'message'; key: string; message: Message; opens: boolean; closes: boolean }

/**
 * Messages in their order, with a divider before each new day and, by time, what happened between them;
 * those of one author within five minutes stand together. Days are those of the zone.
 */
export function layOut(
  items: readonly Message[],
  assignments: readonly Assignment[] = [],
  zone?: string,
): Line[] {
  const between = [...assignments].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  const entries: (Message | Assignment)[] = []
  for (const message of items) {
    while (between[0] && Date.parse(between[0].at) <= Date.parse(message.createdAt))
      entries.push(between.shift()!)
    entries.push(message)
  }
  entries.push(...between)

  return entries.flatMap((entry, index): Line[] => {
    const before = entries[index - 1]
    const isNewDay = !before || dayOf(before, zone) !== dayOf(entry, zone)
    const line = isMessage(entry) ? lineOf(entry, before, entries[index + 1], zone) : asideOf(entry)
    return isNewDay ? [{ type: 'day', key: `day-${timeOf(entry)}`, at: timeOf(entry) }, line] : [line]
  })
}

type Neighbour = Message | Assignment | undefined

const asideOf = (assignment: Assignment): Line => ({ type: 'assignment', key: assignment.id, assignment })
const lineOf = (message: Message, before: Neighbour, after: Neighbour, zone: string | undefined): Line => ({
  ...{ type: 'message', key: message.id, message },
  opens: !before || !isMessage(before) || !areTogether(before, message, zone),
  closes: !after || !isMessage(after) || !areTogether(message, after, zone),
})

const isMessage = (entry: Message | Assignment): entry is Message => 'seq' in entry
const timeOf = (entry: Message | Assignment) => (isMessage(entry) ? entry.createdAt : entry.at)

const dayOf = (entry: Message | Assignment, zone: string | undefined) => dateIn(new Date(timeOf(entry)), zone)

const areTogether = (one: Message, other: Message, zone: string | undefined) =>
  one.kind === other.kind &&
  one.author?.id === other.author?.id &&
  dayOf(one, zone) === dayOf(other, zone) &&
  Date.parse(other.createdAt) - Date.parse(one.createdAt) < together
