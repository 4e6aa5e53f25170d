import { and, desc, eq, isNull } from 'drizzle-orm'
import { maskCardNumbers } from '../../../platform/card-numbers.ts'
import type { Ctx } from '../../../platform/context.ts'
import { invalid } from '../../../platform/errors.ts'
import { findCompany } from '../../settings/company.ts'
import { staff } from '../../staff/tables.ts'
import {
  aboutOf,
  type ConversationRow,
  getConversation,
  isOpen,
  lockConversation,
  setFields,
  subjectOf,
} from '../conversations.ts'
import { conversationSummarised } from '../events.ts'
import { addSystemLine } from '../writing.ts'
import type { NewSummary } from './schemas.ts'
import { conversationSummaries } from './tables.ts'

/** The newest first. */
export async function listSummaries(ctx: Ctx, conversationId: string) {
  await getConversation(ctx, conversationId)
  const rows = await ctx.db
    .select({ row: conversationSummaries, name: staff.name })
    .from(conversationSummaries)
    .leftJoin(staff, eq(staff.id, conversationSummaries.byId))
    .where(eq(conversationSummaries.conversationId, conversationId))
    .orderBy(desc(conversationSummaries.writtenAt), desc(conversationSummaries.id))
  return {
    items: rows.map(({ row: { byId, conversationId: _, ...row }, name }) => ({
      ...row,
      by: byId && name ? { id: byId, name } : null,
    })),
  }
}

/** Written again before it is resolved, it is the same one; afterwards it amends the last. */
export async function writeSummary(ctx: Ctx, conversationId: string, input: NewSummary) {
  const conversation = await lockConversation(ctx, conversationId)
  const words = {
    wanted: maskCardNumbers(input.wanted),
    done: maskCardNumbers(input.done),
    promised: maskCardNumbers(input.promised),
  }
  const written = { ...words, byId: ctx.actor.kind === 'staff' ? ctx.actor.id : null, writtenAt: ctx.now }
  const known = await findInHand(ctx, conversation)
  if (known && hasSame(known, words)) return
  if (known)
    await ctx.db.update(conversationSummaries).set(written).where(eq(conversationSummaries.id, known.id))
  else
    await ctx.db
      .insert(conversationSummaries)
      .values({ ...written, conversationId, closedAt: isOpen(conversation) ? null : ctx.now })
  await addSystemLine(ctx, conversation, 'summary.written', { ...words, name: ctx.actor.name })
  await setFields(ctx, conversationId, {
    summary: [words.wanted, words.done, words.promised].filter(Boolean).join('\n'),
  })
  ctx.emit(conversationSummarised, aboutOf(conversation), subjectOf(conversation))
  ctx.audit('conversation.summarised', `conversation:${conversationId}`)
}

/** Where the company asks for a summary, people write one before they resolve; programs and the house need not. */
export async function refuseWithoutSummary(ctx: Ctx, conversation: ConversationRow) {
  if (ctx.actor.kind !== 'staff') return
  const company = await findCompany(ctx)
  if (company?.summaryPolicy === 'required' && !(await findInHand(ctx, conversation)))
    throw invalid('summary_required', 'Say what came of it before this is resolved.')
}

/** What was in hand belongs to the episode that ends now; the next one wants its own. */
export const closeSummary = (ctx: Ctx, conversationId: string) =>
  ctx.db
    .update(conversationSummaries)
    .set({ closedAt: ctx.now })
    .where(
      and(eq(conversationSummaries.conversationId, conversationId), isNull(conversationSummaries.closedAt)),
    )

async function findInHand(ctx: Ctx, conversation: ConversationRow) {
  const [row] = await ctx.db
    .select()
    .from(conversationSummaries)
    .where(
      and(
        eq(conversationSummaries.conversationId, conversation.id),
        isOpen(conversation) ? isNull(conversationSummaries.closedAt) : undefined,
      ),
    )
    .orderBy(desc(conversationSummaries.writtenAt), desc(conversationSummaries.id))
    .limit(1)
  return row
}

const hasSame = (known: NewSummary, { wanted, done, promised }: NewSummary) =>
  known.wanted === wanted && known.done === done && known.promised === promised
