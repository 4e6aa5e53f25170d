import { asc, eq, gt } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { startTestApp } from '../../test/app.ts'
import { makeStore, makeVisitor } from '../../test/make.ts'
import { mentions, messages } from '../modules/conversations/tables.ts'
import { uuidv7 } from './columns.ts'
import { insertRows, insertTogether, into } from './insert-rows.ts'

const app = await startTestApp()
const visitor = await makeVisitor(app, await makeStore(app))
const { conversation } = (await visitor.say('Hello')).body

const line = (seq: number, fields: Partial<typeof messages.$inferInsert> = {}) => ({
  ...{ id: uuidv7(), conversationId: conversation.id, seq, kind: 'customer' as const },
  ...{
    authorKind: 'customer' as const,
    text: `line ${seq}`,
    createdAt: new Date('2026-01-05T09:00:00.123Z'),
  },
  ...fields,
})

test('what is inserted is read back as it was given, in every kind of column', async () => {
  const given = [
    line(2, { text: '“{a,b}” \\ \n 客户 🙂', mentions: [uuidv7(), uuidv7()], system: null, language: 'zh' }),
    line(3, { mentions: [], system: { event: 'said', params: { n: [1, null] } }, language: null }),
  ]
  await app.act(ctx => insertRows(ctx.db, messages, given))
  const kept = await app.place.db
    .select()
    .from(messages)
    .where(eq(messages.conversationId, conversation.id))
    .orderBy(asc(messages.seq))
  expect(kept.slice(1)).toMatchObject(given)
  expect(kept[1]).toMatchObject({ attachments: [], inboundId: null })
})

test('one row that does not fit keeps all out', async () => {
  const rows = [line(4), line(2)]
  await expect(app.act(ctx => insertRows(ctx.db, messages, rows))).rejects.toThrow()
  expect(await app.place.db.$count(messages, eq(messages.seq, 4))).toBe(0)
})

test('rows of several tables go in together or not at all, and no rows are nothing to do', async () => {
  const mention = (conversationId: string) => ({
    ...{ staffId: uuidv7(), messageId: uuidv7(), conversationId },
    at: new Date('2026-01-05T09:00:00Z'),
  })
  const insert = (seq: number, mentioned: (typeof mentions.$inferInsert)[]) =>
    app.act(ctx => insertTogether(ctx.db, into(messages, [line(seq)]), into(mentions, mentioned)))
  await expect(insert(5, [mention(uuidv7())])).rejects.toThrow()
  await insert(6, [mention(conversation.id)])
  await insert(7, [])
  const kept = await app.place.db
    .select()
    .from(messages)
    .where(gt(messages.seq, 4))
    .orderBy(asc(messages.seq))
  expect(kept.map(({ seq }) => seq)).toEqual([6, 7])
  expect(await app.place.db.$count(mentions)).toBe(1)
})
