import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { startTestApp } from '../../test/app.ts'
import { uuidv7 } from './columns.ts'
import { defineEvent, on, onAny } from './events.ts'
import { startReactions } from './reactions.ts'

const app = await startTestApp({ roles: [] })
const said = defineEvent('test.said', z.object({ word: z.string() }))

/** Runs reactions of the test's own over the app's table, and tells what they did. */
async function react(run: (word: string) => void) {
  const done: string[] = []
  const reactions = startReactions(app.place, [
    on(said, 'test.repeat', async (_ctx, { word }) => {
      run(word)
      done.push(word)
    }),
  ])
  const caughtUp = async () => {
    for (let tries = 0; tries < 300; tries++) {
      reactions.wake()
      const { rows } = await app.place.pool.query(
        "select (select max(id) from events) = (select position from reaction_cursors where name = 'all') as yes",
      )
      if (rows[0].yes) return
      await new Promise(wait => setTimeout(wait, 10))
    }
    throw new Error('not caught up')
  }
  return { done, caughtUp, retry: reactions.retry, stop: reactions.stop }
}

const looking = (reactions: { wake(): void }) => async () => {
  reactions.wake()
  const { rows } = await app.place.pool.query(
    "select (select max(id) from events) = (select position from reaction_cursors where name = 'all') as yes",
  )
  return rows[0].yes
}

const say = (conversationId: string, ...words: string[]) =>
  app.act(async ctx => {
    for (const word of words) ctx.emit(said, { word }, { conversationId })
  })

describe('reactions', () => {
  test('run for every event, in order', async () => {
    const { done, caughtUp, stop } = await react(() => {})
    const words = Array.from({ length: 120 }, (_, n) => `w${n}`)
    await say(uuidv7(), ...words)
    await caughtUp()
    await stop()
    expect(done).toEqual(words)
  })

  test('to any event run once for those read together, and again for later ones', async () => {
    let runs = 0
    const reactions = startReactions(app.place, [
      onAny(said, 'test.look', async () => {
        runs += 1
      }),
    ])
    const cursorIsAtTheEnd = looking(reactions)
    await say(uuidv7(), 'one', 'two', 'three')
    await expect.poll(cursorIsAtTheEnd).toBe(true)
    expect(runs).toBe(1)
    await say(uuidv7(), 'four')
    await expect.poll(cursorIsAtTheEnd).toBe(true)
    await reactions.stop()
    expect(runs).toBe(2)
  })

  test('pass over events that they are not for', async () => {
    const done: string[] = []
    const reactions = startReactions(app.place, [
      on(
        said,
        'test.listen',
        async (_ctx, { word }) => {
          done.push(word)
        },
        { when: ({ word }) => word !== 'idle' },
      ),
    ])
    const cursorIsAtTheEnd = looking(reactions)
    await say(uuidv7(), 'idle', 'idle')
    await expect.poll(cursorIsAtTheEnd).toBe(true)
    await say(uuidv7(), 'idle', 'heard', 'idle')
    await expect.poll(cursorIsAtTheEnd).toBe(true)
    await reactions.stop()
    expect(done).toEqual(['heard'])
  })

  test('to any event that wait behind a failure still run for the events of others', async () => {
    let broken = true
    const done: string[] = []
    const [behind, other] = [uuidv7(), uuidv7()]
    const reactions = startReactions(app.place, [
      onAny(said, 'test.look-again', async () => {
        if (broken) throw new Error('not yet')
        done.push('looked')
      }),
    ])
    const setAside = async () => {
      reactions.wake()
      const { rows } = await app.place.pool.query(
        "select count(*)::int as n from reaction_failures where reaction = 'test.look-again'",
      )
      return rows[0].n
    }
    await say(behind, 'bad')
    await expect.poll(setAside).toBe(1)
    broken = false
    await app.act(async ctx => {
      ctx.emit(said, { word: 'waits' }, { conversationId: behind })
      ctx.emit(said, { word: 'goes on' }, { conversationId: other })
    })
    await expect.poll(setAside).toBe(2)
    await reactions.stop()
    expect(done).toEqual(['looked'])
  })

  test('that fail are set aside with what follows of their subject, while the others go on', async () => {
    let broken = true
    const { done, caughtUp, retry, stop } = await react(word => {
      if (word === 'bad' && broken) throw new Error('not yet')
    })
    const [one, other] = [uuidv7(), uuidv7()]
    await say(one, 'bad', 'after bad')
    await say(other, 'elsewhere')
    await caughtUp()
    expect(done).toEqual(['elsewhere'])
    broken = false
    app.clock.advance(3)
    await retry()
    await retry()
    await stop()
    expect(done).toEqual(['elsewhere', 'bad', 'after bad'])
  })

  test('that fail five times are parked with their reason, and the line goes on', async () => {
    const { done, caughtUp, retry, stop } = await react(word => {
      if (word === 'poison') throw new Error('always')
    })
    await say(uuidv7(), 'poison', 'the next')
    await caughtUp()
    for (let n = 0; n < 6; n++) {
      app.clock.advance(60)
      await retry()
    }
    await stop()
    expect(done).toEqual(['the next'])
    const { rows } = await app.place.pool.query(
      'select reason, attempts from reaction_failures where parked_at is not null',
    )
    expect(rows).toEqual([{ reason: 'Error: always', attempts: 5 }])
  })

  test('do what they do in the database once, even when the leader dies in the middle', async () => {
    const conversationId = uuidv7()
    const first = startReactions(app.place, [
      on(said, 'test.note', async (ctx, { word }) =>
        ctx.audit(`test.${word}`, `conversation:${conversationId}`),
      ),
    ])
    await say(conversationId, ...Array.from({ length: 100 }, () => 'noted'))
    first.wake()
    await app.place.pool
      .query(
        'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()',
      )
      .catch(() => {})
    await new Promise(wait => setTimeout(wait, 50))
    await first.stop()
    const second = startReactions(app.place, [
      on(said, 'test.note', async (ctx, { word }) =>
        ctx.audit(`test.${word}`, `conversation:${conversationId}`),
      ),
    ])
    for (let tries = 0; tries < 200; tries++) {
      second.wake()
      const { rows } = await app.place.pool.query(
        "select count(*)::int as n from audit_entries where action = 'test.noted'",
      )
      if (rows[0].n >= 100) break
      await new Promise(wait => setTimeout(wait, 20))
    }
    await second.stop()
    const { rows } = await app.place.pool.query(
      "select count(*)::int as n from audit_entries where action = 'test.noted'",
    )
    expect(rows[0].n).toBe(100)
  })
})
