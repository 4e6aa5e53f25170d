import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, inArray, lt, sql } from 'drizzle-orm'
import { type Ctx, system } from '../../../platform/context.ts'
import type { Worker } from '../../../platform/module.ts'
import { lookingContext, transact, type Workplace } from '../../../platform/work.ts'
import { conversations, messages } from '../../conversations/tables.ts'
import { translationReady } from '../events.ts'
import { messageTranslations } from './tables.ts'
import { type Outcome, translate } from './translating.ts'

const second = 1_000
/** Every commit of the house wakes it. */
const looksEveryMs = 250
const groupsAtOnce = 4
const mostOfGroup = 20
/** Longer than all services together may take; a process that died lets go by it. */
const claimedFor = 180 * second
const mostAttempts = 3
const contextLength = 600

/** Translates what waits in the line, whoever opened something last first. It only ever waits for services. */
export function startTranslating(place: Workplace): Worker {
  const underway = new Set<Promise<void>>()
  const ending = new AbortController()
  let running: Promise<void> | null = null
  let isAsked = false

  async function look() {
    isAsked = false
    while (underway.size < groupsAtOnce) {
      const group = await claim(place)
      if (!group) break
      const work = translateGroup(place, group)
        .catch(error => place.log.warn({ err: error }, 'a translation failed in an unforeseen way'))
        .finally(() => {
          underway.delete(work)
          wake()
        })
      underway.add(work)
    }
  }

  function wake() {
    isAsked = true
    if (running || ending.signal.aborted) return
    running = look()
      .catch(error => place.log.warn({ err: error }, 'translating paused'))
      .then(() => sleep(looksEveryMs, undefined, { signal: ending.signal }).catch(() => {}))
      .finally(() => {
        running = null
        if (isAsked) wake()
      })
  }

  return {
    wake,
    async stop() {
      ending.abort()
      await running
      await Promise.race([Promise.all(underway), sleep(5 * second, undefined, { ref: false })])
    },
  }
}

type Group = { conversationId: string; to: string; messageIds: string[] }

/** Some messages of one conversation, taken so that no other process has them too. */
async function claim(place: Workplace): Promise<Group | null> {
  const isDue = (now: Date) =>
    and(eq(messageTranslations.state, 'waiting'), sql`${messageTranslations.dueAt} <= ${now}`)
  const look = lookingContext(place, system)
  if (
    (await look.db.select({ one: sql`1` }).from(messageTranslations).where(isDue(look.now)).limit(1))
      .length === 0
  )
    return null
  return transact(place, system, async ctx => {
    const [first] = await ctx.db
      .select()
      .from(messageTranslations)
      .where(isDue(ctx.now))
      .orderBy(sql`${messageTranslations.askedAt} desc`)
      .limit(1)
      .for('update', { skipLocked: true })
    if (!first) return null
    const { conversationId, toLanguage } = first
    const rows = await ctx.db
      .select({ messageId: messageTranslations.messageId })
      .from(messageTranslations)
      .where(
        and(
          eq(messageTranslations.conversationId, conversationId),
          eq(messageTranslations.toLanguage, toLanguage),
          isDue(ctx.now),
        ),
      )
      .orderBy(asc(messageTranslations.messageId))
      .limit(mostOfGroup)
      .for('update', { skipLocked: true })
    const messageIds = rows.map(row => row.messageId)
    await ctx.db
      .update(messageTranslations)
      .set({
        dueAt: new Date(ctx.now.getTime() + claimedFor),
        attempts: sql`${messageTranslations.attempts} + 1`,
      })
      .where(
        and(
          inArray(messageTranslations.messageId, messageIds),
          eq(messageTranslations.toLanguage, toLanguage),
        ),
      )
    return { conversationId, to: toLanguage, messageIds }
  })
}

async function translateGroup(place: Workplace, { conversationId, to, messageIds }: Group) {
  const ctx = lookingContext(place, system)
  const rows = await ctx.db
    .select({ row: messageTranslations, text: messages.text, seq: messages.seq })
    .from(messageTranslations)
    .innerJoin(messages, eq(messages.id, messageTranslations.messageId))
    .where(and(inArray(messageTranslations.messageId, messageIds), eq(messageTranslations.toLanguage, to)))
    .orderBy(asc(messages.seq))
  if (rows.length === 0) return
  const outcomes = await translate(place, {
    texts: rows.map(({ text, row }) => ({ text, from: row.fromLanguage })),
    to,
    purpose: 'incoming',
    context: await saidBefore(ctx, conversationId, rows[0]!.seq),
  })
  await transact(place, system, async ctx => {
    const settled: string[] = []
    for (const [n, { row }] of rows.entries())
      if (await writeDown(ctx, row, outcomes[n]!)) settled.push(row.messageId)
    if (settled.length === 0) return
    const [conversation] = await ctx.db
      .select({ storeId: conversations.storeId })
      .from(conversations)
      .where(eq(conversations.id, conversationId))
    ctx.emit(
      translationReady,
      { conversationId, storeId: conversation!.storeId, messageIds: settled, to },
      { conversationId },
    )
  })
}

/** Whether that was the last word: what may yet succeed waits and is tried again. */
async function writeDown(ctx: Ctx, row: typeof messageTranslations.$inferSelect, outcome: Outcome) {
  const isLater =
    outcome.state === 'untranslated' &&
    (outcome.reason === 'failed' || outcome.reason === 'paused') &&
    row.attempts < mostAttempts
  await ctx.db
    .update(messageTranslations)
    .set(
      isLater
        ? { dueAt: new Date(ctx.now.getTime() + 15 * second * 2 ** row.attempts) }
        : outcome.state === 'done'
          ? {
              state: 'done',
              reason: null,
              key: outcome.kept.key,
              fromLanguage: outcome.kept.fromLanguage,
              doneAt: ctx.now,
            }
          : { state: 'untranslated', reason: outcome.reason, doneAt: ctx.now },
    )
    .where(
      and(
        eq(messageTranslations.messageId, row.messageId),
        eq(messageTranslations.toLanguage, row.toLanguage),
      ),
    )
  return !isLater
}

/** What was said just before, for the sense of it. */
export async function saidBefore(ctx: Ctx, conversationId: string, seq: number) {
  const rows = await ctx.db
    .select({ text: messages.text })
    .from(messages)
    .where(
      and(
        eq(messages.conversationId, conversationId),
        inArray(messages.kind, ['customer', 'reply']),
        lt(messages.seq, seq),
      ),
    )
    .orderBy(sql`${messages.seq} desc`)
    .limit(3)
  return rows
    .map(({ text }) => text.slice(0, 300))
    .reverse()
    .join('\n')
    .slice(-contextLength)
}
