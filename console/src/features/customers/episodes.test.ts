import { expect, test } from 'vitest'
import type { TimelineItem } from './api.ts'
import { countMessages, episodesOf } from './episodes.ts'

let id = 0
const item = (name: string, hour: number, conversationId: string | null, params = {}) =>
  ({
    id: ++id,
    name,
    at: new Date(Date.UTC(2026, 0, 5, hour)).toISOString(),
    conversationId,
    params,
  }) as TimelineItem

test('what happened in one conversation stands together until another thing or a long pause', () => {
  const items = [
    item('message.added', 23, 'a', { kind: 'customer' }),
    item('message.added', 22, 'a', { kind: 'reply' }),
    item('customer.changed', 21, null),
    item('message.added', 20, 'a', { kind: 'customer' }),
    item('message.added', 19, 'b', { kind: 'customer' }),
    item('message.added', 5, 'b', { kind: 'customer' }),
  ]
  const shapes = episodesOf(items).map(one =>
    one.type === 'event' ? one.item.name : `${one.conversationId}${one.items.length}`,
  )
  expect(shapes).toEqual(['a2', 'customer.changed', 'a1', 'b1', 'b1'])
  expect(countMessages(items, 'customer')).toBe(4)
})
