import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Message } from '../api/shapes.ts'
import {
  listMessages,
  mergeAcknowledged,
  mergeEarlier,
  mergePage,
  noThread,
  startThread,
  type Thread,
} from './thread.ts'

const message = (seq: number, text = `no ${seq}`): Message => ({
  id: `id ${seq}`,
  seq,
  from: 'agent',
  author: null,
  text,
  attachments: [],
  clientId: null,
  createdAt: '2026-11-21T00:00:00.000Z',
})

/** A server whose public numbers have gaps, answering pages as the contract says. */
const pageOf = (log: readonly Message[], afterSeq: number, limit: number) => ({
  items: log.filter(({ seq }) => seq > afterSeq).slice(0, limit),
  lastSeq: log.at(-1)?.seq ?? 0,
})

function readToEnd(thread: Thread, log: readonly Message[], limit: number) {
  for (let next = thread; ; ) {
    const page = pageOf(log, next.cursor, limit)
    next = mergePage(next, next.cursor, page.items)
    if (page.items.length === 0) return next
  }
}

const gappedLog = fc
  .uniqueArray(fc.integer({ min: 1, max: 120 }), { maxLength: 60 })
  .map(seqs => seqs.sort((a, b) => a - b).map(seq => message(seq)))

type Step =
  | { does: 'page'; from: number; limit: number; upTo: number }
  | { does: 'acknowledge'; nth: number }
  | { does: 'lose' }

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    does: fc.constant('page' as const),
    from: fc.integer({ min: 0, max: 1 }),
    limit: fc.integer({ min: 1, max: 20 }),
    upTo: fc.integer({ min: 0, max: 60 }),
  }),
  fc.record({ does: fc.constant('acknowledge' as const), nth: fc.integer({ min: 0, max: 59 }) }),
  fc.record({ does: fc.constant('lose' as const) }),
)

describe('merging a thread', () => {
  test('any order, repetition and loss of pages and acknowledgements ends at the same thread', () => {
    fc.assert(
      fc.property(
        gappedLog,
        fc.array(step, { maxLength: 40 }),
        fc.integer({ min: 1, max: 100 }),
        (log, steps, limit) => {
          let thread: Thread = startThread({ id: 'c', lastSeq: 0 })
          for (const one of steps) {
            // A page read when the log was shorter may be taken late, or twice.
            if (one.does === 'page') {
              const from = one.from * thread.cursor
              thread = mergePage(thread, from, pageOf(log.slice(0, one.upTo), from, one.limit).items)
            }
            const acknowledged = one.does === 'acknowledge' && log[one.nth]
            if (acknowledged) thread = mergeAcknowledged(thread, acknowledged)
            const known = [...thread.messages.keys()]
            const below = log.filter(({ seq }) => seq <= thread.cursor).map(({ seq }) => seq)
            expect(below.every(seq => known.includes(seq))).toBe(true)
          }
          expect(listMessages(readToEnd(thread, log, limit)).current).toEqual(log)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('an acknowledged message does not hide those before it', () => {
    const log = [1, 2, 3].map(seq => message(seq))
    const thread = mergeAcknowledged(mergePage(startThread({ id: 'c', lastSeq: 3 }), 0, [log[0]!]), log[2]!)
    expect(thread.cursor).toBe(1)
    expect(mergeAcknowledged(thread, log[1]!).cursor).toBe(2)
    expect(listMessages(readToEnd(thread, log, 10)).current.map(({ seq }) => seq)).toEqual([1, 2, 3])
  })

  test('a page that begins above the cursor leaves it where it is', () => {
    const thread = mergePage(startThread({ id: 'c', lastSeq: 0 }), 5, [message(6)])
    expect(thread.cursor).toBe(0)
  })

  test('an edited message replaces the older wording, an acknowledgement does not', () => {
    let thread = mergePage(startThread({ id: 'c', lastSeq: 1 }), 0, [message(1, 'old')])
    thread = mergePage(thread, 0, [message(1, 'new')])
    thread = mergeAcknowledged(thread, message(1, 'old'))
    expect(thread.messages.get(1)?.text).toBe('new')
  })

  test('a long conversation is read from its end, and the earlier part joins without a hole', () => {
    const log = Array.from({ length: 400 }, (_, i) => message(i + 1))
    let thread = readToEnd(startThread({ id: 'c', lastSeq: 400 }), log, 100)
    expect(thread.floor).toBe(250)
    expect(thread.messages.size).toBe(150)
    thread = mergePage(thread, 200, pageOf(log, 200, 20).items)
    expect(thread.messages.size).toBe(150)
    while (thread.floor > 0) {
      const from = Math.max(0, thread.floor - 100)
      thread = mergeEarlier(thread, from, pageOf(log, from, 100).items)
    }
    expect(listMessages(thread).current).toEqual(log)
  })

  test('what came before a new conversation is shown once', () => {
    const thread = { ...noThread, earlier: [message(1), message(2)], messages: new Map([[2, message(2)]]) }
    const { earlier, current } = listMessages(thread)
    expect([...earlier, ...current].map(({ seq }) => seq)).toEqual([1, 2])
  })
})
