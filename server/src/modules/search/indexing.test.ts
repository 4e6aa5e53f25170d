import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { uuidv7 } from '../../platform/columns.ts'
import { indexNews, walkOn } from './indexing.ts'
import { ask, foundBy, indexed, rareWord } from './test-search.ts'

const app = await startTestApp()
const store = await makeStore(app)
const agent = await app.as('agent')
const { pool } = app.place

async function write(text: string) {
  const { body } = await (await makeVisitor(app, store)).say(text)
  await indexed(app)
  return body
}
const told = async (messageId: string) =>
  (
    await pool.query("select id from events where name = 'message.added' and payload->>'messageId' = $1", [
      messageId,
    ])
  ).rows[0].id as number
const linesOf = async (messageId: string) =>
  (await pool.query('select xmin from message_search where message_id = $1', [messageId])).rows
/** As what comes in without an event: the past of a mailbox, or what was there before an upgrade. */
const insert = (conversationId: string, id: string, text: string, seq: number) =>
  pool.query(
    `insert into messages (id, conversation_id, seq, kind, author_kind, text) values ($1, $2, $3, 'customer', 'customer', $4)`,
    [id, conversationId, seq, text],
  )
const end = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

describe('the index', () => {
  test('has a message once when its event is read twice, and by several at once', async () => {
    const word = rareWord()
    const { message } = await write(`${word} hello`)
    await pool.query('update search_progress set event_id = $1', [(await told(message.id)) - 1])
    await Promise.all([1, 2, 3].map(() => indexNews(app.place, { gap: null })))
    await indexed(app)
    expect(await linesOf(message.id)).toHaveLength(1)
    expect(await foundBy(agent, word)).toEqual([`${word} hello`])
  })

  test('follows a message that changed when it is told of again, and forgets one that is gone', async () => {
    const [before, after] = [rareWord(), rareWord()]
    const { message } = await write(before)
    await pool.query('update messages set text = $2 where id = $1', [message.id, after])
    await pool.query('update search_progress set event_id = $1', [(await told(message.id)) - 1])
    await indexed(app)
    expect(await foundBy(agent, before)).toEqual([])
    expect(await foundBy(agent, after)).toEqual([after])
    await pool.query('delete from messages where id = $1', [message.id])
    expect(await foundBy(agent, after)).toEqual([])
  })

  test('passes over what the system wrote', async () => {
    const { message } = await write('Hello')
    await pool.query(`update messages set kind = 'system' where id = $1`, [message.id])
    await pool.query('delete from message_search where message_id = $1', [message.id])
    await pool.query('update search_progress set event_id = $1', [(await told(message.id)) - 1])
    await indexed(app)
    expect(await linesOf(message.id)).toEqual([])
  })
})

describe('the walk over what was there before', () => {
  test('goes on where it stopped, batch by batch, tells how far it is, and indexes each once', async () => {
    const word = rareWord()
    const { conversation } = await write('Hello')
    await pool.query(
      `insert into messages (id, conversation_id, seq, kind, author_kind, text)
       select gen_random_uuid(), $1, 100 + n, 'customer', 'customer', $2 || ' ' || n from generate_series(1, 2300) n`,
      [conversation.id, word],
    )
    await pool.query(
      `update search_progress set message_id = '00000000-0000-0000-0000-000000000000', walked = 0, completed_at = null`,
    )
    expect(await walkOn(app.place, end)).toBe(true)
    const { body } = await ask(agent, word)
    expect(body.indexing).toMatchObject({ done: 1_000 })
    const { rows } = await pool.query(`select message_id from search_progress`)
    expect(await walkOn(app.place, end)).toBe(true)
    // As a process that is killed before it could commit leaves it.
    await pool.query('update search_progress set message_id = $1, walked = 1000', [rows[0].message_id])
    while (await walkOn(app.place, end)) {}
    const found = await ask(agent, word, { conversationId: conversation.id })
    expect(found.body.indexing).toBeNull()
    expect(found.body.items[0]!.hitCount).toBe(2_300)
  })

  test('finds what came in without an event, but not before every transaction of its time is over', async () => {
    const word = rareWord()
    const { conversation } = await write('Hello')
    const [old, young] = [uuidv7Of(Date.now() - 120_000), uuidv7(Date.now())]
    await insert(conversation.id, old, `${word} old`, 200)
    await insert(conversation.id, young, `${word} young`, 201)
    await pool.query(`update search_progress set message_id = $1`, [uuidv7Of(Date.now() - 180_000)])
    while (await walkOn(app.place)) {}
    expect(await foundBy(agent, word)).toEqual([`${word} old`])
    // Messages of the tests before may have become old enough meanwhile, and the walk may be past them.
    await pool.query(`update search_progress set message_id = $1`, [old])
    await insert(conversation.id, uuidv7Of(Date.now() - 119_000), `${word} late`, 202)
    while (await walkOn(app.place)) {}
    expect(await foundBy(agent, word)).toEqual([`${word} late`, `${word} old`])
  })
})

const uuidv7Of = (ms: number) => {
  const time = ms.toString(16).padStart(12, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}
