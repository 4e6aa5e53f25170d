import type { TimelineItem } from './api.ts'

export type Episode =
  | { type: 'conversation'; key: string; conversationId: string; at: string; items: TimelineItem[] }
  | { type: 'event'; key: string; at: string; item: TimelineItem }

const longestPause = 6 * 3_600_000

/** Of a timeline, newest first, what happened in one conversation without a long pause stands together. */
export function episodesOf(items: readonly TimelineItem[]): Episode[] {
  const episodes: Episode[] = []
  for (const item of items.toSorted(byTime)) {
    const last = episodes.at(-1)
    if (!item.conversationId) episodes.push({ type: 'event', key: String(item.id), at: item.at, item })
    else if (
      last?.type === 'conversation' &&
      last.conversationId === item.conversationId &&
      isClose(last, item)
    )
      last.items.push(item)
    else
      episodes.push({
        type: 'conversation',
        key: String(item.id),
        conversationId: item.conversationId,
        at: item.at,
        items: [item],
      })
  }
  return episodes
}

// The server lists by the order in which things were told; a backdated one belongs to its own day.
const byTime = (a: TimelineItem, b: TimelineItem) => Date.parse(b.at) - Date.parse(a.at) || b.id - a.id

const isClose = ({ items }: { items: TimelineItem[] }, item: TimelineItem) =>
  Date.parse(items.at(-1)!.at) - Date.parse(item.at) < longestPause

/** What is worth a line of its own; messages are counted, readings left out. */
export const isTold = ({ name }: TimelineItem) =>
  ![
    'message.added',
    'conversation.read',
    'conversation.changed',
    'clock.warned',
    'mention.made',
    'delivery.changed',
  ].includes(name)

export const countMessages = (items: readonly TimelineItem[], kind: string) =>
  items.filter(({ name, params }) => name === 'message.added' && params.kind === kind).length
