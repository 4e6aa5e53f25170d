import { describe, expect, test } from 'vitest'
import { Refused, Unreachable } from '../../api/client.ts'
import type { Message } from './api.ts'
import { createOutbox, type Outgoing } from './outbox.ts'

const outgoing = (clientId: string, conversationId = 'one'): Outgoing => ({
  clientId,
  conversationId,
  kind: 'reply',
  text: 'On its way.',
  attachments: [],
  mentionIds: [],
  lastSeenSeq: 3,
  writtenAt: '2026-01-05T09:00:00Z',
})

const arrived = (clientId: string) => ({ id: clientId, clientId, seq: 4 }) as Message

function outbox(answers: (Message | Error)[], storage?: Pick<Storage, 'getItem' | 'setItem'>) {
  const posted: string[] = []
  const sent: string[] = []
  const waiting: (() => void)[] = []
  const box = createOutbox({
    post: async ({ clientId }) => {
      posted.push(clientId)
      const next = answers.shift() ?? arrived(clientId)
      if (next instanceof Error) throw next
      return next
    },
    sent: ({ clientId }) => sent.push(clientId),
    later: run => waiting.push(run),
    storage,
  })
  const timeGoesOn = async () => {
    for (const run of waiting.splice(0)) run()
    await new Promise(done => setTimeout(done))
  }
  return { box, posted, sent, timeGoesOn }
}

describe('a reply whose answer is lost on the way', () => {
  test('is tried again with the same clientId, and sent once', async () => {
    const { box, posted, sent, timeGoesOn } = outbox([new Unreachable('cut'), new Unreachable('cut')])
    await box.send(outgoing('a'))
    expect(box.all()).toMatchObject([{ state: 'waiting' }])
    await timeGoesOn()
    await timeGoesOn()
    expect(posted).toEqual(['a', 'a', 'a'])
    expect(sent).toEqual(['a'])
    expect(box.all()).toEqual([])
  })

  test('fails in the end, and Retry starts over', async () => {
    const { box, sent, timeGoesOn } = outbox(Array.from({ length: 7 }, () => new Unreachable('cut')))
    await box.send(outgoing('a'))
    for (let tries = 0; tries < 8; tries++) await timeGoesOn()
    expect(box.all()).toMatchObject([{ state: 'failed', code: 'unreachable' }])
    await box.retry('a')
    expect(sent).toEqual(['a'])
  })

  test('goes by itself when the line is back', async () => {
    const { box, sent } = outbox([new Unreachable('cut')])
    await box.send(outgoing('a'))
    box.retryAll()
    await new Promise(done => setTimeout(done))
    expect(sent).toEqual(['a'])
  })

  test('survives a reload of the page', async () => {
    const kept = new Map<string, string>()
    const storage = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
    }
    const before = outbox([new Unreachable('cut')], storage)
    await before.box.send(outgoing('a'))
    const after = outbox([], storage)
    after.box.retryAll()
    await new Promise(done => setTimeout(done))
    expect(after.posted).toEqual(['a'])
    expect(after.box.all()).toEqual([])
  })
})

test('replies of one conversation go one after the other, others do not wait', async () => {
  const { box, posted, timeGoesOn } = outbox([new Unreachable('cut')])
  await Promise.all([box.send(outgoing('a')), box.send(outgoing('b')), box.send(outgoing('c', 'two'))])
  expect(posted).toEqual(['a', 'c'])
  await timeGoesOn()
  await timeGoesOn()
  expect(posted).toEqual(['a', 'c', 'a', 'b'])
})

test('a refused reply is not repeated by itself', async () => {
  const { box, posted, timeGoesOn } = outbox([new Refused(403, 'not_allowed', '')])
  await box.send(outgoing('a'))
  await timeGoesOn()
  expect(posted).toEqual(['a'])
  expect(box.all()).toMatchObject([{ state: 'failed', code: 'not_allowed' }])
})

test('a reply written past the customer is held with what was missed', async () => {
  const missed = [{ id: 'm', seq: 4, text: 'Cancel it!' }]
  const { box, sent } = outbox([new Refused(409, 'missed_messages', '', { messages: missed })])
  await box.send(outgoing('a'))
  expect(sent).toEqual([])
  expect(box.all()).toEqual([])
  expect(box.held().get('one')).toMatchObject({ outgoing: { clientId: 'a' }, missed })
  await box.send({ ...outgoing('a'), lastSeenSeq: 4 })
  expect(sent).toEqual(['a'])
  expect(box.held().size).toBe(0)
})
