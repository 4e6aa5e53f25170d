import { and, asc, eq, or, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { conflict, found, invalid, notFound } from '../../../platform/errors.ts'
import { customers } from '../../customers/tables.ts'
import { stores } from '../../settings/tables.ts'
import { staff } from '../../staff/tables.ts'
import {
  aboutOf,
  type ConversationRow,
  getConversation,
  seesConversation,
  subjectOf,
} from '../conversations.ts'
import { conversationLinked } from '../events.ts'
import { lockPair } from '../merging/locking.ts'
import { conversations } from '../tables.ts'
import { addSystemLine } from '../writing.ts'
import type { ConversationLink, LinkSide, NewLink } from './schemas.ts'
import { conversationLinks } from './tables.ts'

/** Beyond this nobody reads them, and what is linked to everything is linked to nothing. */
const mostLinks = 50

/** Puts two conversations beside one another, whosever they are. Both threads tell of it; whoever links sees both. */
export async function linkConversations(ctx: Ctx, id: string, { otherId, kind }: NewLink): Promise<string> {
  if ((await getConversation(ctx, id)).id === otherId)
    throw invalid('same_conversation', 'This is one conversation already.')
  const { from: one, into: other } = await lockPair(ctx, id, otherId)
  const linkId = await addLink(ctx, one, other, kind)
  await tell(ctx, one, other, { kind, undone: false })
  return linkId
}

/** Of two whose rows the caller has locked; he tells of it himself. */
export async function addLink(
  ctx: Ctx,
  one: Pick<ConversationRow, 'id'>,
  other: Pick<ConversationRow, 'id'>,
  kind: LinkSide,
): Promise<string> {
  for (const { id } of [one, other])
    if ((await ctx.db.$count(conversationLinks, isOf(id))) >= mostLinks)
      throw conflict('too_many_links', `A conversation has ${mostLinks} links at most.`, {
        conversationId: id,
        most: mostLinks,
      })
  const [from, to] = kind === 'followed_by' ? [other, one] : [one, other]
  const [link] = await ctx.db
    .insert(conversationLinks)
    .values({
      ...{ fromId: from.id, toId: to.id, kind: kind === 'followed_by' ? 'follows' : kind },
      ...{ at: ctx.now, by: ctx.actor.id },
    })
    .onConflictDoNothing()
    .returning({ id: conversationLinks.id })
  if (!link) throw conflict('already_linked', 'These two are linked in this way already.')
  return link.id
}

/** Takes a link away again; the lines that told of it stay, and say so. */
export async function unlinkConversations(ctx: Ctx, id: string, linkId: string) {
  const { otherId, kind } = await findLinked(ctx, id, linkId)
  const { from: one, into: other } = await lockPair(ctx, id, otherId)
  const [gone] = await ctx.db.delete(conversationLinks).where(eq(conversationLinks.id, linkId)).returning()
  if (!gone) throw notFound('link')
  await tell(ctx, one, other, { kind, undone: true })
}

/** What a link of this conversation leads to, and what that is to it. */
export async function findLinked(ctx: Ctx, id: string, linkId: string) {
  await getConversation(ctx, id)
  const [row] = await ctx.db
    .select()
    .from(conversationLinks)
    .where(and(eq(conversationLinks.id, linkId), isOf(id)))
  const link = found(row, 'link')
  return { otherId: link.fromId === id ? link.toId : link.fromId, kind: seenFrom(id, link) }
}

export async function listLinks(ctx: Ctx, id: string): Promise<ConversationLink[]> {
  await getConversation(ctx, id)
  const otherId = sql`case when ${conversationLinks.fromId} = ${id} then ${conversationLinks.toId} else ${conversationLinks.fromId} end`
  const rows = await ctx.db
    .select({
      link: conversationLinks,
      other: conversations,
      customer: { id: customers.id, name: customers.name },
      store: { id: stores.id, name: stores.name },
      byName: staff.name,
    })
    .from(conversationLinks)
    .innerJoin(conversations, eq(conversations.id, otherId))
    .innerJoin(customers, eq(customers.id, conversations.customerId))
    .innerJoin(stores, eq(stores.id, conversations.storeId))
    .leftJoin(staff, eq(staff.id, conversationLinks.by))
    .where(isOf(id))
    .orderBy(asc(conversationLinks.id))
  return rows.map(({ link, other, customer, store, byName }) => ({
    ...{ id: link.id, kind: seenFrom(id, link), at: link.at },
    by: link.by && byName !== null ? { id: link.by, name: byName } : null,
    other: seesConversation(ctx.actor, other)
      ? {
          ...{ id: other.id, number: other.number, subject: other.subject, customer, store },
          ...{ channelKind: other.channelKind, category: other.category },
          lastActivityAt: other.lastActivityAt,
        }
      : null,
  }))
}

const isOf = (id: string) => or(eq(conversationLinks.fromId, id), eq(conversationLinks.toId, id))

const seenFrom = (id: string, { fromId, kind }: typeof conversationLinks.$inferSelect): LinkSide =>
  kind === 'follows' && fromId !== id ? 'followed_by' : kind

const seenFromOther: Record<LinkSide, LinkSide> = {
  related: 'related',
  duplicate: 'duplicate',
  follows: 'followed_by',
  followed_by: 'follows',
}

async function tell(
  ctx: Ctx,
  one: ConversationRow,
  other: ConversationRow,
  { kind, undone }: { kind: LinkSide; undone: boolean },
) {
  const what = undone ? 'conversation.unlinked' : 'conversation.linked'
  const both = [
    { row: one, beside: other, side: kind },
    { row: other, beside: one, side: seenFromOther[kind] },
  ]
  for (const { row, beside, side } of both) {
    await addSystemLine(ctx, row, what, {
      ...{ otherId: beside.id, number: beside.number, kind: side, by: ctx.actor.name },
    })
    ctx.emit(conversationLinked, { ...aboutOf(row), otherId: beside.id, undone }, subjectOf(row))
    ctx.audit(what, `conversation:${row.id}`, ['links'])
  }
}
