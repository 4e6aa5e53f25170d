import { and, asc, eq, inArray, isNull, or, type SQL, sql } from 'drizzle-orm'
import { type ActionCall, checkCalls } from '../../../platform/actions.ts'
import { type Ctx, can } from '../../../platform/context.ts'
import { conflict, forbidden, found, invalid, isUniqueViolation } from '../../../platform/errors.ts'
import { checkVariables } from '../../../platform/variables.ts'
import { getStore } from '../../settings/stores.ts'
import { quickReplyChanged } from '../events.ts'
import { filesOf, keepFiles } from './files.ts'
import type { NewQuickReply, QuickReply, QuickReplyChange } from './schemas.ts'
import { quickReplies } from './tables.ts'

export type QuickReplyRow = typeof quickReplies.$inferSelect

const countedDays = 30

/** One's own and the shared ones of one's stores, by category and shortcut. */
export const listQuickReplies = async (ctx: Ctx) => ({ items: await select(ctx) })

/** Everybody keeps his own; the shared ones belong to who manages conversations. */
export async function createQuickReply(ctx: Ctx, { isPersonal, ...input }: NewQuickReply) {
  if (!isPersonal) refuseWithoutManaging(ctx)
  await check(ctx, input)
  const fileIds = await keepFiles(ctx, input.fileIds, [])
  const [row] = await ctx.db
    .insert(quickReplies)
    .values({ ...input, fileIds, ownerId: isPersonal ? ctx.actor.id : null, createdAt: ctx.now })
    .onConflictDoNothing()
    .returning()
  if (!row) throw taken()
  tell(ctx, 'created', row)
  return present(ctx, row.id)
}

export async function changeQuickReply(
  ctx: Ctx,
  id: string,
  { expectedVersion, ...fields }: QuickReplyChange,
) {
  const before = await lockOwn(ctx, id)
  if (expectedVersion !== undefined && expectedVersion !== before.version)
    throw conflict('changed_meanwhile', 'Somebody changed this quick reply meanwhile.', {
      version: before.version,
    })
  await check(ctx, { ...before, ...fields })
  const fileIds = fields.fileIds && (await keepFiles(ctx, fields.fileIds, before.fileIds))
  await ctx.db
    .update(quickReplies)
    .set({ ...fields, ...(fileIds && { fileIds }), version: sql`${quickReplies.version} + 1` })
    .where(eq(quickReplies.id, id))
    .catch(error => {
      throw isUniqueViolation(error) ? taken() : error
    })
  tell(ctx, 'changed', before, Object.keys(fields))
  return present(ctx, id)
}

export async function deleteQuickReply(ctx: Ctx, id: string) {
  const before = await lockOwn(ctx, id)
  await ctx.db.delete(quickReplies).where(eq(quickReplies.id, id))
  tell(ctx, 'deleted', before)
}

/** One that the actor may use in a conversation of that store. */
export async function getQuickReply(ctx: Ctx, id: string, storeId: string): Promise<QuickReplyRow> {
  const ofStore = or(isNull(quickReplies.storeId), eq(quickReplies.storeId, storeId))
  const [row] = await ctx.db
    .select()
    .from(quickReplies)
    .where(and(eq(quickReplies.id, id), mineOrShared(ctx), ofStore))
  return found(row, 'quick_reply')
}

const mineOrShared = (ctx: Ctx) =>
  and(
    or(isNull(quickReplies.ownerId), ctx.actor.id ? eq(quickReplies.ownerId, ctx.actor.id) : undefined),
    ctx.actor.storeIds === 'all'
      ? undefined
      : or(isNull(quickReplies.storeId), inArray(quickReplies.storeId, [...ctx.actor.storeIds])),
  )

async function select(ctx: Ctx, condition?: SQL): Promise<QuickReply[]> {
  const since = new Date(ctx.now.getTime() - countedDays * 86_400_000)
  const uses = sql<number>`(select count(*)::int from quick_reply_uses as used
    where used.quick_reply_id = quick_replies.id and used.at > ${since.toISOString()})`
  const rows = await ctx.db
    .select({ row: quickReplies, uses })
    .from(quickReplies)
    .where(and(mineOrShared(ctx), condition))
    .orderBy(asc(quickReplies.category), asc(quickReplies.shortcut), asc(quickReplies.language))
  const files = await filesOf(
    ctx,
    rows.flatMap(({ row }) => row.fileIds),
  )
  return rows.map(({ row: { ownerId, createdAt: _, fileIds, ...row }, uses }) => ({
    ...row,
    uses,
    isPersonal: ownerId !== null,
    files: fileIds.flatMap(id => files.get(id) ?? []),
  }))
}

const present = async (ctx: Ctx, id: string) => (await select(ctx, eq(quickReplies.id, id)))[0]!

/** Personal ones are changed by their owner, the shared by who manages conversations. */
async function lockOwn(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select()
    .from(quickReplies)
    .where(and(eq(quickReplies.id, id), mineOrShared(ctx)))
    .for('update')
  const reply = found(row, 'quick_reply')
  if (reply.ownerId === null) refuseWithoutManaging(ctx)
  return reply
}

type Checked = Pick<
  QuickReplyRow,
  'text' | 'language' | 'translations' | 'storeId' | 'fileIds' | 'steps' | 'sendsAtOnce'
>

async function check(ctx: Ctx, reply: Checked) {
  const { text, language, translations, storeId, fileIds, steps, sendsAtOnce } = reply
  const texts = [text, ...translations.map(({ text }) => text)]
  const says = texts.some(text => text.trim() !== '') || fileIds.length > 0
  if (!says && steps.length === 0)
    throw invalid('empty_quick_reply', 'Write a text, attach a file or add a step.')
  const languages = [language, ...translations.map(({ language }) => language)]
  if (new Set(languages).size < languages.length || (translations.length > 0 && language === null))
    throw invalid('languages_overlap', 'Each text needs a language of its own.')
  if (storeId) await getStore(ctx, storeId)
  for (const written of [...texts, ...steps.flatMap(textOf)])
    await checkVariables(ctx, 'conversation', written)
  checkCalls(ctx, 'conversation', steps, 'steps')
  for (const [n, step] of steps.entries()) {
    if (step.code === 'reply')
      throw invalid('reply_is_no_step', 'What is said is the text itself.', { path: `steps.${n}.code` })
    if (says && !sendsAtOnce && closes(step))
      throw invalid('closed_before_sent', 'Nothing can be sent once it is closed; resolve it instead.', {
        path: `steps.${n}`,
      })
  }
}

const textOf = ({ params }: ActionCall) => (typeof params.text === 'string' ? [params.text] : [])
const closes = ({ code, params }: ActionCall) => code === 'set_status' && params.category === 'closed'

const taken = () => conflict('shortcut_taken', 'This shortcut exists in this language.')

function refuseWithoutManaging(ctx: Ctx) {
  if (!can(ctx.actor, 'conversations:manage'))
    throw forbidden('permission_denied', 'Shared quick replies need the permission conversations:manage.')
}

function tell(
  ctx: Ctx,
  what: 'created' | 'changed' | 'deleted',
  { id, ownerId }: QuickReplyRow,
  fields?: string[],
) {
  ctx.emit(quickReplyChanged, { quickReplyId: id, ownerId })
  ctx.audit(`quick_reply.${what}`, `quick_reply:${id}`, fields)
}
