import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type Fake, startFake } from '../../dev/fake-server.ts'
import { type BrowserMemory, openMemory } from '../browser-memory.ts'
import { effect } from '../signals.ts'
import { type Chat, openChat } from './chat.ts'
import { connectTo } from './connection.ts'
import { listMessages } from './thread.ts'

let fake: Fake
const opened: Chat[] = []

beforeEach(async () => {
  fake = await startFake()
})
afterEach(async () => {
  for (const chat of opened.splice(0)) chat.stop()
  await fake.stop()
  vi.useRealTimers()
})

function visit(
  memory: BrowserMemory = openMemory('demo', null),
  tell = (_name: string, _detail: unknown) => {},
) {
  const chat = openChat({
    store: 'demo',
    origin: fake.url,
    memory,
    connect: connectTo(fake.url),
    locale: () => 'en',
    page: () => undefined,
    tell,
  })
  opened.push(chat)
  return chat
}

const texts = (chat: Chat) => listMessages(chat.thread.peek()).current.map(({ text }) => text)
const stored = () => fake.state.conversations.flatMap(({ messages }) => messages.map(({ text }) => text))
const until = (isSo: () => boolean, timeout = 10_000) => vi.waitUntil(isSo, { timeout, interval: 20 })
const identityOf = (userId: string, inSeconds = 3_600) =>
  fake.control('sign', { userId, expiresAt: Math.floor(Date.now() / 1_000) + inSeconds }) as Promise<{
    userId: string
  }>

describe('a conversation', () => {
  test('nothing is asked of the server but the shop’s door sign before the first message', async () => {
    const chat = visit()
    await chat.loadConfig()
    await chat.resume()
    chat.show(true)
    await chat.outbox.flush()
    expect(fake.state.visitors).toEqual([])
    expect(fake.seen.requests).toBe(1)
  })

  test('a message goes out, the answer comes by a hint, ticks and unread follow', async () => {
    const chat = visit()
    await chat.resume()
    chat.send('Hello', [])
    await until(() => texts(chat).length === 1)
    expect(chat.conversation.peek()).toMatchObject({ status: 'waiting', queue: { place: 2 } })
    await vi.waitFor(async () => {
      await fake.control('agent', { text: 'Good day' })
      await until(() => texts(chat).includes('Good day'), 500)
    }, 10_000)
    expect(chat.conversation.peek()).toMatchObject({
      status: 'open',
      agent: { name: 'Mei Lin' },
      agentReadSeq: 1,
    })
    expect(chat.unread.peek()).toBeGreaterThan(0)
    chat.show(true)
    await until(() => chat.unread.peek() === 0)
    await until(() => fake.state.conversations[0]?.customerReadSeq === fake.state.conversations[0]?.lastSeq)
  })

  test('goes on after a reload', async () => {
    const memory = openMemory('demo', null)
    const before = visit(memory)
    await before.resume()
    before.send('Hello', [])
    await until(() => texts(before).length === 1)
    before.stop()
    await fake.control('agent', { text: 'While you were away' })
    const after = visit(memory)
    await after.resume()
    await until(() => texts(after).length === 2)
    expect(fake.state.visitors).toHaveLength(1)
  })

  test('notes leave gaps, edits replace what was read', async () => {
    const chat = visit()
    await chat.resume()
    chat.send('Hello', [])
    await until(() => texts(chat).length === 1)
    await fake.control('note')
    await fake.control('agent', { text: 'Teh answer' })
    chat.wake()
    await until(() => texts(chat).length === 2)
    await fake.control('edit', { seq: 3, text: 'The answer' })
    await until(() => texts(chat)[1] === 'The answer')
    expect([...chat.thread.peek().messages.keys()]).toEqual([1, 3])
  })

  test('what is written after the end begins a new conversation below the old one', async () => {
    const chat = visit()
    await chat.resume()
    chat.send('First', [])
    await until(() => texts(chat).length === 1)
    await fake.control('conversation', { status: 'resolved' })
    chat.wake()
    await until(() => chat.conversation.peek()?.status === 'resolved')
    chat.send('Second', [])
    await until(() => texts(chat)[0] === 'Second')
    expect(listMessages(chat.thread.peek()).earlier.map(({ text }) => text)).toEqual(['First'])
    expect(fake.state.conversations).toHaveLength(2)
  })

  test('over a thousand missed messages are skipped, not loaded one page after the other', async () => {
    const chat = visit()
    await chat.resume()
    chat.send('Hello', [])
    await until(() => texts(chat).length === 1)
    await until(() => fake.listeners() === 1)
    await new Promise(done => setTimeout(done, 300))
    fake.faults.hints = 'lost'
    for (let i = 0; i < 1_200; i++) await fake.control('agent', { text: `no ${i}` })
    const before = fake.seen.requests
    chat.wake()
    await until(() => texts(chat).at(-1) === 'no 1199')
    expect(fake.seen.requests - before).toBeLessThan(12)
    expect(texts(chat)).toHaveLength(150)
    await chat.loadEarlier()
    expect(texts(chat)).toHaveLength(250)
  })
})

describe('when the line fails', () => {
  test('a killed server: what is written meanwhile waits, and stands there once when it is back', async () => {
    const chat = visit()
    await chat.resume()
    chat.send('one', [])
    await until(() => texts(chat).length === 1)
    await fake.kill()
    chat.send('two', [])
    chat.send('three', [])
    await until(() => !chat.isReachable.peek())
    expect(chat.unsent.peek().map(({ text }) => text)).toEqual(['two', 'three'])
    await fake.revive()
    const back = Date.now()
    await until(() => texts(chat).length === 3)
    expect(Date.now() - back).toBeLessThan(5_000)
    expect(stored()).toEqual(['one', 'two', 'three'])
    expect(chat.unsent.peek()).toEqual([])
    await until(() => chat.isReachable.peek())
  })

  test(
    'drops, lost answers, refusals for now, lost and doubled hints: both sides end alike',
    { timeout: 60_000 },
    async () => {
      const memory = openMemory('demo', null)
      let chat = visit(memory)
      await chat.resume()
      chat.show(true)
      const said: string[] = []
      for (let i = 0; i < 40; i++) {
        const chance = Math.random()
        fake.faults.hints = chance < 0.3 ? 'lost' : chance < 0.6 ? 'twice' : null
        if (i % 3 === 0) fake.faults.drop = 1
        if (i % 4 === 0) fake.faults.cut = 1
        if (i % 9 === 0) fake.faults.refuse = { status: 503, code: 'database_unavailable', times: 1 }
        said.push(`visitor ${i}`)
        chat.send(`visitor ${i}`, [])
        if (i % 2 === 0) await fake.control('agent', { text: `agent ${i}` })
        if (i % 13 === 12) {
          chat.stop()
          chat = visit(memory)
          await chat.resume()
        }
        if (i % 17 === 16) await fake.control('kick')
        await new Promise(done => setTimeout(done, Math.random() * 120))
      }
      Object.assign(fake.faults, { drop: 0, cut: 0, refuse: null, hints: null })
      chat.wake()
      await until(() => chat.unsent.peek().length === 0, 30_000)
      chat.wake()
      await until(() => texts(chat).length === stored().length)
      expect(texts(chat)).toEqual(stored())
      expect(stored().filter(text => text.startsWith('visitor'))).toEqual(said)
    },
  )

  test('Retry-After is waited for', async () => {
    const chat = visit()
    await chat.resume()
    fake.faults.refuse = { status: 429, code: 'too_many_requests', retryAfter: 1, times: 1, method: 'POST' }
    const begun = Date.now()
    chat.send('Hello', [])
    await until(() => texts(chat).length === 1)
    expect(Date.now() - begun).toBeGreaterThan(1_000)
    expect(chat.isReachable.peek()).toBe(true)
  })

  test('a message refused for good is marked, and can be deleted', async () => {
    const chat = visit()
    await chat.resume()
    chat.send('FORBIDDEN', [])
    await until(() => chat.unsent.peek()[0]?.failed === 'text_refused')
    chat.send('fine', [])
    await until(() => texts(chat).length === 1)
    chat.outbox.remove(chat.unsent.peek()[0]!.clientId)
    expect(chat.unsent.peek()).toEqual([])
  })

  test('without a single hint an open chat still looks every 25 seconds', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] })
    const chat = visit()
    await chat.resume()
    chat.show(true)
    chat.send('Hello', [])
    await until(() => texts(chat).length === 1 && fake.listeners() === 1)
    await new Promise(done => setTimeout(done, 300))
    fake.faults.hints = 'lost'
    await fake.control('agent', { text: 'unheard' })
    await new Promise(done => setTimeout(done, 300))
    expect(texts(chat)).toHaveLength(1)
    vi.advanceTimersByTime(30_000)
    await until(() => texts(chat).length === 2)
  })

  test('an expired token of a nameless visitor ends in a new session, and the message still goes out', async () => {
    const chat = visit()
    await chat.resume()
    chat.send('one', [])
    await until(() => texts(chat).length === 1)
    await fake.control('expire')
    chat.send('two', [])
    await until(() => stored().length === 2)
    await until(() => chat.unsent.peek().length === 0 && texts(chat).at(-1) === 'two')
  })
})

describe('who the visitor is', () => {
  test('signed in, he keeps his conversation when the token expires', async () => {
    const chat = visit()
    chat.identify(await identityOf('anna'))
    await chat.resume()
    chat.send('one', [])
    await until(() => texts(chat).length === 1)
    await fake.control('expire')
    chat.send('two', [])
    await until(() => texts(chat).length === 2)
    expect(fake.state.conversations).toHaveLength(1)
  })

  test('signing in drops the nameless thread and everything unsent', async () => {
    const memory = openMemory('demo', null)
    const chat = visit(memory)
    await chat.resume()
    chat.send('nameless', [])
    await until(() => texts(chat).length === 1)
    await fake.kill()
    chat.send('unsent', [])
    chat.identify({ userId: 'anna', expiresAt: 1, signature: 'x' })
    expect(memory.keys('out:')).toEqual([])
    expect([texts(chat), chat.conversation.peek(), chat.unsent.peek(), memory.get('session')]).toEqual([
      [],
      null,
      [],
      null,
    ])
    await fake.revive()
  })

  test('an answer asked for by one person is never shown to the next', async () => {
    const chat = visit()
    chat.identify(await identityOf('anna'))
    await chat.resume()
    chat.send('anna’s secret', [])
    await until(() => texts(chat).length === 1)
    fake.faults.delayMs = 150
    chat.wake()
    chat.send('anna again', [])
    await new Promise(done => setTimeout(done, 50))
    chat.identify(await identityOf('ben'))
    const inSight: string[] = []
    const stopWatching = effect(
      () => void inSight.push(...listMessages(chat.thread.value).current.map(({ text }) => text)),
    )
    await new Promise(done => setTimeout(done, 900))
    stopWatching()
    expect(inSight).toEqual([])
    expect(texts(chat)).toEqual([])
    expect(chat.conversation.peek()).toBe(null)
    fake.faults.delayMs = 0
    chat.send('from ben', [])
    await until(() => texts(chat).includes('from ben'))
    const ben = fake.state.visitors.find(({ userId }) => userId === 'ben')!
    const his = fake.state.conversations.filter(({ visitorId }) => visitorId === ben.id)
    expect(his.flatMap(({ messages }) => messages.map(({ text }) => text))).toEqual(['from ben'])
  })

  test('logging out ends the session on the server too; being nobody already changes nothing', async () => {
    const chat = visit()
    chat.identify(await identityOf('anna'))
    await chat.resume()
    chat.send('Hello', [])
    await until(() => texts(chat).length === 1)
    expect(chat.identify(null)).toBe(true)
    expect(texts(chat)).toEqual([])
    await until(() => fake.state.visitors.every(({ isExpired }) => isExpired))
    chat.send('as nobody', [])
    await until(() => texts(chat).length === 1)
    expect(chat.identify(null)).toBe(false)
    expect(texts(chat)).toEqual(['as nobody'])
  })

  test('a proof that is refused is told to the page, and the visitor can still write', async () => {
    const told: unknown[] = []
    const chat = visit(openMemory('demo', null), (name, detail) => void told.push([name, detail]))
    chat.identify({ userId: 'anna', expiresAt: 2_000_000_000, signature: 'forged' })
    await chat.resume()
    expect(told).toContainEqual(['identityRefused', { code: 'identity_signature_wrong' }])
    chat.send('Hello', [])
    await until(() => texts(chat).length === 1)
    expect(fake.state.visitors.every(({ userId }) => userId === null)).toBe(true)
  })

  test('a kept session is not taken up after the proof has run out', async () => {
    const memory = openMemory('demo', null)
    memory.set('session', { token: 'old', owner: 'anna', expiresAt: 1 })
    const chat = visit(memory)
    await chat.resume()
    expect(memory.get('session')).toBe(null)
    expect(chat.isNamed.peek()).toBe(false)
  })
})
