import { randomUUID } from 'node:crypto'
import { and, sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { makeStore, makeVisitor } from '../../../test/make.ts'
import { type Actor, system } from '../../platform/context.ts'
import { foldText, isDenseText } from '../../platform/search-text.ts'
import { lookingContext } from '../../platform/work.ts'
import { findConversations, type Reach } from './finding.ts'
import { indexMessages } from './indexing.ts'
import { SearchFilter } from './schemas.ts'
import { readScope, search } from './search.ts'
import { rareWord } from './test-search.ts'

const app = await startTestApp()
const [here, there] = [await makeStore(app), await makeStore(app)]
const chats = await Promise.all(
  [here, here, here, there, there].map(async store => {
    const { body } = await (await makeVisitor(app, store)).say('Hello')
    return { id: body.conversation.id, store }
  }),
)
await app.settled()

const seer: Actor = { ...system, kind: 'staff', id: randomUUID(), storeIds: [here.id] }
const patient: Reach = { near: 3, far: 2, walkMs: 5_000, indexMs: 5_000 }

type Message = { chat: number; text: string }
let seq = 1_000
async function insert(messages: readonly Message[]) {
  const rows = messages.map(({ chat, text }, n) => ({
    id: randomUUID(),
    conversation_id: chats[chat]!.id,
    seq: ++seq,
    text,
    created_at: new Date(app.clock.now.getTime() + n * 1_000),
  }))
  await app.place.pool.query(
    `insert into messages (id, conversation_id, seq, kind, author_kind, text, created_at)
     select id, conversation_id, seq, 'customer', 'customer', text, created_at
     from json_to_recordset($1) as given(id uuid, conversation_id uuid, seq int, text text, created_at timestamptz)`,
    [JSON.stringify(rows)],
  )
  await app.act(ctx =>
    indexMessages(
      ctx.db,
      rows.map(({ id }) => id),
    ),
  )
}

async function searchAll(q: string, actor: Actor, reach = patient) {
  const found: [string, number][] = []
  let next: string | null = null
  do {
    const filter = SearchFilter.parse({ q, limit: 2, ...(next && { cursor: next }) })
    const page = await search(lookingContext(app.place, actor), app.place, filter, reach)
    found.push(
      ...page.items.map(({ conversation, hitCount }) => [conversation.id, hitCount] as [string, number]),
    )
    next = page.next
  } while (next)
  return found
}

/** All spelt with single spaces, also where one script meets another. */
function plain(text: string): string {
  const runs = foldText(text).match(/[\p{L}\p{M}\p{N}]/gu) ? [...foldText(text)] : []
  let line = ' '
  for (const [n, character] of runs.entries()) {
    const isWord = /[\p{L}\p{M}\p{N}]/u.test(character)
    const before = runs[n - 1] ?? ' '
    const meets =
      isWord && /[\p{L}\p{M}\p{N}]/u.test(before) && isDenseText(character) !== isDenseText(before)
    line += meets ? ` ${character}` : isWord ? character : ' '
  }
  return `${line} `.replaceAll(/ +/g, ' ')
}

type Sought = { words: string[]; isExcluded: boolean }

function holds(text: string, { words }: Sought, isHalfTyped: boolean): boolean {
  const sought = plain(words.join(' ')).trim()
  const opens = isDenseText([...sought][0]!) ? '' : ' '
  const closes = isHalfTyped || isDenseText([...sought].at(-1)!) ? '' : ' '
  return plain(text).includes(`${opens}${sought}${closes}`)
}

const latin = fc.constantFrom('Zoë', 'ask', 'asks', 'as', 'K9', 'été', 'страна', 'ＡＳＫ')
const chinese = fc.string({ unit: fc.constantFrom(...'退款要求我'), minLength: 1, maxLength: 5 })
const japanese = fc.constantFrom('ガス', 'ｶﾞｽ', 'が', '返品')
const separator = fc.constantFrom(' ', ', ', '，', '\n', '-', '')
const text = fc
  .array(fc.tuple(fc.oneof(latin, chinese, japanese), separator), { minLength: 1, maxLength: 7 })
  .map(parts => parts.flat().join(''))
const sought = fc.record({
  words: fc.oneof(
    fc.tuple(fc.oneof(latin, chinese, japanese)),
    fc.tuple(latin, latin),
    fc.tuple(latin, chinese),
    fc.tuple(chinese, latin),
  ),
  isExcluded: fc.boolean(),
})

describe('what is found', () => {
  test(
    'is what a look at every text finds, of the stores that are seen, newest first',
    { timeout: 120_000 },
    async () => {
      const message = fc.record({ chat: fc.nat({ max: 4 }), text })
      await fc.assert(
        fc.asyncProperty(
          fc.array(message, { minLength: 3, maxLength: 12 }),
          fc.array(sought, { minLength: 1, maxLength: 3 }),
          async (said, terms) => {
            const mark = rareWord()
            const messages = said.map(({ chat, text }) => ({ chat, text: `${mark} | ${text}` }))
            await insert(messages)
            const spell = ({ words, isExcluded }: Sought) =>
              `${isExcluded ? '-' : ''}${words.length > 1 ? `"${words.join(' ')}"` : words[0]}`
            const q = [mark, ...terms.map(spell)].join(' ')
            const isHit = ({ text }: Message) =>
              terms.every((term, n) => {
                const isHalfTyped = n === terms.length - 1 && !term.isExcluded && term.words.length === 1
                return holds(text, term, isHalfTyped) !== term.isExcluded
              })
            for (const actor of [seer, system]) {
              const counts = new Map<string, number>()
              for (const message of messages.toReversed()) {
                const { id, store } = chats[message.chat]!
                if ((actor === system || store === here) && isHit(message))
                  counts.set(id, (counts.get(id) ?? 0) + 1)
              }
              expect(await searchAll(q, actor)).toEqual([...counts])
            }
          },
        ),
        { numRuns: 60 },
      )
    },
  )

  test('comes piece by piece where the index takes too long, and says how far back it got', async () => {
    app.clock.advance(3_600)
    const word = rareWord()
    await insert(
      Array.from({ length: 14 }, (_, n) => ({ chat: n % 2, text: n < 4 ? `${word} ${n}` : 'other' })),
    )
    const ctx = lookingContext(app.place, system)
    const scope = await readScope(ctx, SearchFilter.parse({ q: word }), `'${word}'`)
    const slow = { ...scope, message: and(scope.message, sql`pg_sleep(0.02) is not null`)! }
    const hurried: Reach = { near: 3, far: 2, walkMs: 5_000, indexMs: 15 }
    const first = await findConversations(app.place, slow, { cursor: null, limit: 5 }, hurried)
    expect(first).toMatchObject({ ids: [], count: { conversations: 0, isMore: true } })
    expect(first.searchedBackTo).toBeInstanceOf(Date)
    const found: string[] = []
    let cursor = first.last
    for (let step = 0; cursor && step < 20; step++) {
      const page = await findConversations(app.place, slow, { cursor, limit: 5 }, hurried)
      found.push(...page.ids)
      cursor = page.last
    }
    expect(found).toEqual([chats[1]!.id, chats[0]!.id])
  })
})
