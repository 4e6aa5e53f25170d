import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Refusal, Unreachable } from '../api/calls.ts'
import { openMemory } from '../browser-memory.ts'
import { type Outbox, openOutbox, type Unsent } from './outbox.ts'

/** localStorage as a browser keeps it: whole strings, shared by every tab. */
function diskOf() {
  const kept = new Map<string, string>()
  return {
    get length() {
      return kept.size
    },
    key: (i: number) => [...kept.keys()][i] ?? null,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
}

type Fault = 'none' | 'before' | 'after' | 'busy' | 'limited'

/** Stores each clientId once and fails in every way a line can. */
function serverWith(faults: Fault[]) {
  const stored: { clientId: string; text: string }[] = []
  return {
    stored,
    async deliver({ clientId, text }: Unsent) {
      await null
      const fault = faults.shift() ?? 'none'
      if (fault === 'before') throw new Unreachable()
      if (fault === 'busy') throw new Refusal(503, 'database_unavailable', 2_000)
      if (fault === 'limited') throw new Refusal(429, 'too_many_requests', 1_000)
      if (!stored.some(message => message.clientId === clientId)) stored.push({ clientId, text })
      if (fault === 'after') throw new Unreachable()
    },
  }
}

function tab(disk: ReturnType<typeof diskOf>, deliver: (unsent: Unsent) => Promise<void>, owner = () => '') {
  const waits: { run: () => void; ms: number }[] = []
  const outbox = openOutbox({
    memory: openMemory('demo', disk),
    lock: 'test',
    owner,
    deliver,
    changed() {},
    met() {},
    random: () => 1,
    schedule: (run, ms) => waits.push({ run, ms }),
  })
  return { outbox, waits }
}

async function settle(outbox: Outbox, tries = 100) {
  for (let i = 0; i < tries && outbox.list().some(({ failed }) => !failed); i++) await outbox.flush()
}

const fault = fc.constantFrom<Fault>('none', 'before', 'after', 'busy', 'limited')

describe('sending what the visitor wrote', () => {
  test('through cuts, refusals for now and reloads: every message once, in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fault, { maxLength: 25 }),
        fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
        async (faults, reloads) => {
          const disk = diskOf()
          const server = serverWith([...faults])
          let { outbox } = tab(disk, server.deliver)
          for (const [i, hasReload] of reloads.entries()) {
            outbox.add({ text: `no ${i}`, attachments: [] })
            // A reload in the middle of a delivery: the old page's answer is never heard of again.
            if (hasReload) outbox = tab(disk, server.deliver).outbox
            else await outbox.flush()
          }
          await settle(outbox)
          expect(server.stored.map(({ text }) => text)).toEqual(reloads.map((_, i) => `no ${i}`))
          expect(outbox.list()).toEqual([])
        },
      ),
      { numRuns: 1_000 },
    )
  })

  test('two tabs sending from one store do not double', async () => {
    const disk = diskOf()
    const server = serverWith(['after', 'before', 'after'])
    const [a, b] = [tab(disk, server.deliver).outbox, tab(disk, server.deliver).outbox]
    a.add({ text: 'one', attachments: [] })
    b.add({ text: 'two', attachments: [] })
    a.add({ text: 'three', attachments: [] })
    await Promise.all([settle(a), settle(b)])
    expect(server.stored.map(({ text }) => text).sort()).toEqual(['one', 'three', 'two'])
  })

  test('a refused message waits for the visitor and does not hold up the next', async () => {
    const refusing = serverWith([])
    const { outbox } = tab(diskOf(), async unsent => {
      if (unsent.text === 'bad') throw new Refusal(422, 'text_refused')
      return refusing.deliver(unsent)
    })
    const bad = outbox.add({ text: 'bad', attachments: [] })
    outbox.add({ text: 'good', attachments: [] })
    await outbox.flush()
    expect(refusing.stored.map(({ text }) => text)).toEqual(['good'])
    expect(outbox.list()).toMatchObject([{ clientId: bad.clientId, failed: 'text_refused' }])
    outbox.remove(bad.clientId)
    expect(outbox.list()).toEqual([])
  })

  test('a passing failure holds up the next, so that the order stays', async () => {
    const server = serverWith(['before'])
    const { outbox } = tab(diskOf(), server.deliver)
    outbox.add({ text: 'one', attachments: [] })
    outbox.add({ text: 'two', attachments: [] })
    await outbox.flush()
    await settle(outbox)
    expect(server.stored.map(({ text }) => text)).toEqual(['one', 'two'])
  })

  test('Retry-After is honoured, and the waits grow to 15 seconds', async () => {
    const { outbox, waits } = tab(
      diskOf(),
      serverWith(['limited', ...Array<Fault>(8).fill('before')]).deliver,
    )
    outbox.add({ text: 'one', attachments: [] })
    for (let i = 0; i < 9; i++) await outbox.flush()
    expect(waits[0]?.ms).toBe(1_000 + 500)
    expect(waits.slice(1).map(({ ms }) => ms)).toEqual([
      1_000, 2_000, 4_000, 8_000, 15_000, 15_000, 15_000, 15_000,
    ])
  })

  test('is never sent as somebody else', async () => {
    let owner = 'anna'
    const server = serverWith(['before'])
    const { outbox } = tab(diskOf(), server.deliver, () => owner)
    outbox.add({ text: 'from anna', attachments: [] })
    await outbox.flush()
    owner = 'ben'
    await outbox.flush()
    expect(server.stored).toEqual([])
    expect(outbox.list()).toEqual([])
    owner = 'anna'
    await outbox.flush()
    expect(server.stored).toHaveLength(1)
  })

  test('added in the very moment an empty outbox has been looked through, it still goes out', async () => {
    const server = serverWith([])
    const { outbox } = tab(diskOf(), server.deliver)
    void outbox.flush()
    outbox.add({ text: 'one', attachments: [] })
    for (let i = 0; i < 50; i++) await null
    await new Promise(done => setTimeout(done, 20))
    expect(server.stored).toHaveLength(1)
  })

  test('a clock set back does not change the order', async () => {
    const disk = diskOf()
    const server = serverWith(['before', 'before', 'before'])
    const memory = openMemory('demo', disk)
    const times = [2_000, 1_000, 1_000]
    for (const text of ['one', 'two', 'three']) {
      const post = {
        memory,
        lock: 'test',
        owner: () => '',
        deliver: server.deliver,
        changed() {},
        met() {},
        schedule() {},
        now: () => times.shift() ?? 0,
      }
      openOutbox(post).add({ text, attachments: [] })
    }
    expect(
      tab(disk, server.deliver)
        .outbox.list()
        .map(({ text }) => text),
    ).toEqual(['one', 'two', 'three'])
  })
})
