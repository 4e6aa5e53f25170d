import { and, eq, isNull } from 'drizzle-orm'
import { type ActionCall, type Done, perform } from '../../../platform/actions.ts'
import { uuidv7 } from '../../../platform/columns.ts'
import type { Ctx } from '../../../platform/context.ts'
import { conflict, found, Refusal } from '../../../platform/errors.ts'
import { fillVariables } from '../../../platform/variables.ts'
import { inPretence } from '../../../platform/work.ts'
import { customers } from '../../customers/tables.ts'
import { stores } from '../../settings/tables.ts'
import { attachmentOf, presentAttachment } from '../attachments.ts'
import { type ConversationRow, getConversation, lockConversation, refuseStale } from '../conversations.ts'
import { say } from '../replies.ts'
import { getConversationView } from '../views.ts'
import { changesBetween } from './changes.ts'
import { filesOf, giveFiles } from './files.ts'
import { getQuickReply, type QuickReplyRow } from './quick-replies.ts'
import type { NewQuickReplyUse, QuickReplyEffect, QuickReplyUse } from './schemas.ts'
import { quickReplyUses } from './tables.ts'

const record = 'conversation'
const undoSeconds = 60

/** What using it here would say and change, in words. Each step is done and taken back, so that all of it is true. */
export async function previewQuickReply(
  ctx: Ctx,
  conversationId: string,
  quickReplyId: string,
): Promise<QuickReplyEffect> {
  return inPretence(ctx, async ctx => {
    const conversation = await lockConversation(ctx, conversationId)
    const reply = await getQuickReply(ctx, quickReplyId, conversation.storeId)
    const { text: template, language } = await chooseText(ctx, reply, conversation)
    const plan = planOf(reply)
    const files = await filesOf(ctx, reply.fileIds)
    const said = await attempt(ctx, async ctx => {
      const text = await fillVariables(ctx, record, conversationId, template)
      if (plan.isSent) await send(ctx, conversation, reply, text, conversation.lastSeq)
      return text
    })
    const steps: QuickReplyEffect['steps'] = []
    for (const step of plan.steps) {
      const before = await getConversationView(ctx, conversationId)
      const { refused } = await attempt(ctx, ctx => perform(ctx, record, conversationId, step))
      steps.push({ code: step.code, changes: await changesBetween(ctx, before), refused })
    }
    return {
      language,
      text: said.answer ?? template,
      refused: said.refused,
      afterwards: plan.afterwards,
      files: reply.fileIds.flatMap(id => files.get(id) ?? []),
      sendsAtOnce: plan.isSent,
      steps,
    }
  })
}

/**
 * Does all of its steps, or where one is refused none. Its text is for the composer, to be looked at, unless it sends
 * at once: then it is said first, so that what follows from a step stands.
 */
export async function startQuickReply(
  ctx: Ctx,
  conversationId: string,
  { quickReplyId, clientId, lastSeenSeq, expectedVersion }: NewQuickReplyUse,
): Promise<QuickReplyUse> {
  const conversation = await lockConversation(ctx, conversationId)
  const reply = await getQuickReply(ctx, quickReplyId, conversation.storeId)
  const { text: template, language } = await chooseText(ctx, reply, conversation)
  const plan = planOf(reply)
  const isSame = and(eq(quickReplyUses.conversationId, conversationId), eq(quickReplyUses.clientId, clientId))
  const [earlier] = await ctx.db.select().from(quickReplyUses).where(isSame)
  const text = earlier && plan.isSent ? '' : await fillVariables(ctx, record, conversationId, template)
  const files = plan.isSent ? [] : await giveFiles(ctx, reply.fileIds)
  const use = earlier ?? (await useNow())
  return {
    id: use.id,
    language,
    text: plan.isSent ? '' : text,
    afterwards: plan.afterwards,
    files: files.map(file => presentAttachment(attachmentOf(file), '/api/files')),
    isSent: plan.isSent,
    canUndo: use.undo.length > 0 && use.undoneAt === null,
    conversation: await getConversationView(ctx, conversationId),
  }

  async function useNow() {
    refuseStale(ctx, conversation, expectedVersion)
    if (plan.isSent) await send(ctx, conversation, reply, text, lastSeenSeq)
    const undo: ActionCall[] = []
    for (const [n, step] of plan.steps.entries())
      undo.unshift(...((await doStep(ctx, conversationId, step, n)).undo ?? []))
    const { version: versionAfter } = await getConversation(ctx, conversationId)
    const [row] = await ctx.db
      .insert(quickReplyUses)
      .values({ quickReplyId, conversationId, byId: ctx.actor.id, clientId, at: ctx.now, undo, versionAfter })
      .returning()
    ctx.audit('quick_reply.used', `conversation:${conversationId}`)
    return row!
  }
}

/** Brings back what its steps changed, within a minute and as long as nobody changed the conversation after them. */
export async function undoQuickReply(ctx: Ctx, conversationId: string, useId: string) {
  const { version } = await lockConversation(ctx, conversationId)
  const isHis = and(
    eq(quickReplyUses.id, useId),
    eq(quickReplyUses.conversationId, conversationId),
    ctx.actor.id ? eq(quickReplyUses.byId, ctx.actor.id) : isNull(quickReplyUses.byId),
  )
  const [row] = await ctx.db.select().from(quickReplyUses).where(isHis)
  const use = found(row, 'quick_reply_use')
  if (use.undoneAt === null) {
    if (use.versionAfter !== version)
      throw conflict('changed_meanwhile', 'Somebody changed this conversation meanwhile.', { version })
    if (use.at.getTime() + undoSeconds * 1_000 < ctx.now.getTime())
      throw conflict('undo_too_late', 'It is too late to take this back.')
    for (const call of use.undo) await perform(ctx, record, conversationId, call)
    await ctx.db.update(quickReplyUses).set({ undoneAt: ctx.now }).where(eq(quickReplyUses.id, useId))
    ctx.audit('quick_reply.undone', `conversation:${conversationId}`)
  }
  return getConversationView(ctx, conversationId)
}

/** In the customer's language, else in the first of the store's there is, else as it was written first. */
async function chooseText(
  ctx: Ctx,
  reply: QuickReplyRow,
  { language, customerId, storeId }: ConversationRow,
) {
  const [about] = await ctx.db
    .select({ language: customers.language, languages: stores.languages })
    .from(customers)
    .innerJoin(stores, eq(stores.id, storeId))
    .where(eq(customers.id, customerId))
  const first = { language: reply.language, text: reply.text }
  const wanted = [language ?? about!.language, ...about!.languages].flatMap(tag => (tag ? [baseOf(tag)] : []))
  const written = [first, ...reply.translations]
  for (const base of wanted) {
    const match = written.find(({ language }) => language && baseOf(language) === base)
    if (match) return match
  }
  return first
}

const baseOf = (tag: string) => tag.split('-', 1)[0]!.toLowerCase()

/**
 * What is sent now, what is done now, and what has to wait for the sending: a reply brings back what is resolved, so
 * that follows a text which is looked at first.
 */
function planOf({ text, fileIds, steps, sendsAtOnce }: QuickReplyRow) {
  const says = text.trim() !== '' || fileIds.length > 0
  const isSent = says && sendsAtOnce
  const waits = (step: ActionCall) =>
    says && !isSent && step.code === 'set_status' && step.params.category === 'resolved'
  return {
    isSent,
    steps: steps.filter(step => !waits(step)),
    afterwards: steps.some(waits) ? ('resolve' as const) : null,
  }
}

async function send(
  ctx: Ctx,
  { id }: ConversationRow,
  reply: QuickReplyRow,
  text: string,
  lastSeenSeq: number,
) {
  const files = await giveFiles(ctx, reply.fileIds)
  const attachmentIds = files.map(({ id }) => id)
  await say(ctx, id, { clientId: uuidv7(), text, attachmentIds, lastSeenSeq })
}

/** Refused with the step that was. */
async function doStep(ctx: Ctx, id: string, step: ActionCall, n: number): Promise<Done> {
  try {
    return await perform(ctx, record, id, step)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new Refusal(error.status, error.code, error.message, { ...(error.details as object), step: n })
  }
}

/** In a savepoint, so that what is refused leaves the rest of the rehearsal standing. */
async function attempt<T>(ctx: Ctx, work: (ctx: Ctx) => Promise<T>) {
  try {
    return { answer: await ctx.db.transaction(db => work({ ...ctx, db })), refused: null }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { names } = (error.details ?? {}) as { names?: string[] }
    return { answer: null, refused: { code: error.code, names: names ?? [] } }
  }
}
