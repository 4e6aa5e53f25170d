import { and, asc, desc, eq, inArray, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { languageOf } from '../../../platform/language.ts'
import { getConversation } from '../../conversations/conversations.ts'
import { conversations, messages } from '../../conversations/tables.ts'
import { languagesRead } from './readers.ts'
import type { MessageTranslation, NewTranslations } from './schemas.ts'
import { translationService } from './settings.ts'
import { messageTranslations, translationProviders, translations } from './tables.ts'

const mostShown = 500
/** Beyond this nothing joins the line: who opens a conversation then asks again. */
const longestLine = 2_000

/** What is translated of a conversation, the newest first. */
export async function listTranslations(ctx: Ctx, conversationId: string, to: string) {
  await getConversation(ctx, conversationId)
  const rows = await selectTranslations(ctx)
    .where(
      and(eq(messageTranslations.conversationId, conversationId), eq(messageTranslations.toLanguage, to)),
    )
    .orderBy(desc(messageTranslations.messageId))
    .limit(mostShown)
  return { ...(await translationService(ctx)), items: rows.map(present) }
}

/**
 * Asks for messages in a language: they join the line, and those who watch are told when they can be read. What the
 * reader understands is left alone unless he asks for it himself. Without a service nothing is asked.
 */
export async function askTranslations(
  ctx: Ctx,
  conversationId: string,
  { messageIds, to, again }: NewTranslations,
) {
  const conversation = await getConversation(ctx, conversationId)
  const service = await translationService(ctx)
  if (!service.isSetUp || !(service.isAutomatic || again)) return { ...service, items: [] }
  const rows = await ctx.db
    .select({ id: messages.id, text: messages.text, language: messages.language })
    .from(messages)
    .where(
      and(
        eq(messages.conversationId, conversationId),
        inArray(messages.id, messageIds),
        inArray(messages.kind, ['customer', 'reply']),
        sql`${messages.text} <> ''`,
      ),
    )
    .orderBy(asc(messages.seq))
  const reads = await languagesRead(ctx)
  const wanted: Wanted[] = []
  for (const row of rows) {
    const from = row.language ?? (await languageOf(row.text)) ?? conversation.language
    if (from === to) wanted.push({ ...row, from, reason: 'same_language' })
    else if (from === null && !again) wanted.push({ ...row, from, reason: 'unknown_language' })
    else if (again || from === null || !reads.has(from)) wanted.push({ ...row, from, reason: null })
  }
  await join(ctx, conversationId, to, wanted, again)
  const items = await selectTranslations(ctx).where(
    and(inArray(messageTranslations.messageId, messageIds), eq(messageTranslations.toLanguage, to)),
  )
  return { ...service, items: items.map(present) }
}

type Wanted = { id: string; from: string | null; reason: string | null }

async function join(ctx: Ctx, conversationId: string, to: string, wanted: readonly Wanted[], again: boolean) {
  if (wanted.length === 0) return
  const room = longestLine - (await lengthOfLine(ctx))
  const rows = wanted.map(({ id, from, reason }, n) => {
    const why = reason ?? (n < room ? null : 'line_full')
    return {
      messageId: id,
      toLanguage: to,
      conversationId,
      fromLanguage: from,
      state: why ? ('untranslated' as const) : ('waiting' as const),
      reason: why,
      askedAt: ctx.now,
      dueAt: ctx.now,
    }
  })
  const insert = ctx.db.insert(messageTranslations).values(rows)
  const key = [messageTranslations.messageId, messageTranslations.toLanguage]
  if (!again) await insert.onConflictDoNothing()
  else
    await insert.onConflictDoUpdate({
      target: key,
      set: {
        state: sql`excluded.state`,
        reason: sql`excluded.reason`,
        askedAt: sql`excluded.asked_at`,
        dueAt: sql`excluded.due_at`,
        attempts: 0,
      },
      setWhere: or(eq(messageTranslations.state, 'untranslated'), isWaitingLong(ctx)),
    })
}

const isWaitingLong = (ctx: Ctx) =>
  and(eq(messageTranslations.state, 'waiting'), sql`${messageTranslations.dueAt} < ${ctx.now}`)

const lengthOfLine = (ctx: Ctx) =>
  ctx.db.$count(messageTranslations, eq(messageTranslations.state, 'waiting'))

const lastOnes = 20

/**
 * What customers wrote in a conversation of somebody who does not read it, since it was answered last: a message that
 * has just come, or what lay there when he got it.
 */
export async function askForAssignee(ctx: Ctx, conversationId: string) {
  const { rows } = await ctx.db.execute<{ to: string; reads: string[]; language: string | null }>(sql`
    select staff.locale as "to", coalesce(staff.reads, staff.languages) || staff.locale as reads, conversations.language
    from conversations join staff on staff.id = conversations.assignee_id
    where conversations.id = ${conversationId}
      and coalesce((select is_automatic from translation_settings), true)
      and exists (select from translation_providers where is_active and archived_at is null)`)
  const reader = rows[0]
  if (!reader) return
  const { to, reads, language } = reader
  const answered = sql`coalesce((select max(seq) from messages where conversation_id = ${conversationId} and kind = 'reply'), 0)`
  const unread = await ctx.db
    .select({ id: messages.id, text: messages.text, language: messages.language })
    .from(messages)
    .innerJoin(conversations, eq(conversations.id, messages.conversationId))
    .where(
      and(
        eq(messages.conversationId, conversationId),
        eq(messages.kind, 'customer'),
        sql`${messages.seq} > ${answered} and ${messages.text} <> ''`,
        sql`not exists (select from message_translations t where t.message_id = ${messages.id} and t.to_language = ${to})`,
      ),
    )
    .orderBy(desc(messages.seq))
    .limit(lastOnes)
  const wanted: Wanted[] = []
  for (const row of unread) {
    const from = row.language ?? (await languageOf(row.text)) ?? language
    if (from !== null && !reads.includes(from)) wanted.push({ id: row.id, from, reason: null })
  }
  await join(ctx, conversationId, to, wanted, false)
}

const selectTranslations = (ctx: Ctx) =>
  ctx.db
    .select({ row: messageTranslations, kept: translations, provider: translationProviders.name })
    .from(messageTranslations)
    .leftJoin(translations, eq(translations.key, messageTranslations.key))
    .leftJoin(translationProviders, eq(translationProviders.id, translations.providerId))

function present({
  row,
  kept,
  provider,
}: Awaited<ReturnType<typeof selectTranslations>>[number]): MessageTranslation {
  return {
    messageId: row.messageId,
    to: row.toLanguage,
    from: row.fromLanguage,
    state: row.state,
    text: kept?.text ?? null,
    reason: row.reason,
    provider,
    missingTerms: kept?.missingTerms ?? [],
    at: row.doneAt,
  }
}
