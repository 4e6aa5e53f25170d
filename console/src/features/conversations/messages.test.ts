import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Message } from './api.ts'
import { layOut, mergeMessages, resumeSeq } from './messages.ts'

const message = (seq: number, over: Partial<Message> = {}): Message => ({
  id: `id-${seq}`,
  seq,
  kind: 'customer',
  author: { kind: 'customer', id: 'c', name: 'Aiko' },
  text: `text ${seq}`,
  language: null,
  original: null,
  attachments: [],
  mentions: [],
  isWhisper: false,
  delivery: null,
  clientId: null,
  system: null,
  mail: null,
  createdAt: new Date(Date.UTC(2026, 0, 5, 9, seq)).toISOString(),
  ...over,
})

const reply = (seq: number, state: 'queued' | 'sent' | 'delivered' | 'read' | 'refused' | 'uncertain') =>
  message(seq, { kind: 'reply', delivery: { id: null, state, reason: null } })

const copies = fc.array(
  fc.record({
    seq: fc.integer({ min: 1, max: 40 }),
    state: fc.constantFrom('queued', 'sent', 'delivered', 'read'),
  }),
  { minLength: 1, maxLength: 80 },
)

describe('merging pages and pushes', () => {
  test('gives the same list in whatever order and however often they arrive', () => {
    fc.assert(
      fc.property(
        copies,
        fc.infiniteStream(fc.nat()),
        fc.integer({ min: 1, max: 9 }),
        (parts, chance, size) => {
          const messages = parts.map(({ seq, state }) => reply(seq, state))
          const shuffled = [...messages, ...messages]
            .map(item => ({ item, at: chance.next().value as number }))
            .sort((a, b) => a.at - b.at)
            .map(({ item }) => item)
          const arriving: Message[][] = []
          for (let at = 0; at < shuffled.length; at += size) arriving.push(shuffled.slice(at, at + size))
          const merged = arriving.reduce<Message[]>((list, page) => mergeMessages(list, page), [])

          expect(merged).toEqual(mergeMessages([], messages))
          expect(merged.map(item => item.seq)).toEqual(
            [...new Set(messages.map(item => item.seq))].sort((a, b) => a - b),
          )
        },
      ),
    )
  })

  test('a late copy does not take a tick back', () => {
    const [merged] = mergeMessages([reply(1, 'read')], [reply(1, 'sent')])
    expect(merged?.delivery?.state).toBe('read')
  })
})

test('a mail that came back counts for more than that it was handed over', () => {
  const bounced = message(1, {
    kind: 'reply',
    delivery: { id: null, state: 'refused', reason: 'bounced_mailbox_full' },
  })
  const [merged] = mergeMessages([bounced], [reply(1, 'delivered')])
  expect(merged?.delivery?.state).toBe('refused')
})

describe('fetching on', () => {
  test('starts after the newest message', () => {
    expect(resumeSeq([message(1), message(2)])).toBe(2)
    expect(resumeSeq([])).toBe(0)
  })

  test('goes back to a reply that is still under way', () => {
    expect(resumeSeq([message(1), reply(2, 'sent'), message(3)])).toBe(1)
    expect(resumeSeq([message(1), reply(2, 'read'), message(3)])).toBe(3)
  })
})

test('messages of one author within five minutes stand together, under the day they belong to', () => {
  const lines = layOut([
    message(1),
    message(2),
    reply(3, 'sent'),
    message(4, { createdAt: '2026-01-07T09:00:00Z' }),
  ])
  expect(lines.map(line => (line.type === 'message' ? `${line.opens}-${line.closes}` : line.type))).toEqual([
    'day',
    'true-false',
    'false-true',
    'true-true',
    'day',
    'true-true',
  ])
})
