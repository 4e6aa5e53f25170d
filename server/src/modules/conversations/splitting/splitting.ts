import { and, eq, sql } from 'drizzle-orm'
import { uuidv7 } from '../../../platform/columns.ts'
import { type Ctx, can } from '../../../platform/context.ts'
import { conflict, forbidden } from '../../../platform/errors.ts'
import { identities } from '../../customers/tables.ts'
import { recordAssignment, refuseUnfitAssignee } from '../assignment.ts'
import {
  aboutOf,
  type ConversationRow,
  getConversation,
  lockConversation,
  subjectOf,
} from '../conversations.ts'
import {
  conversationAssigned,
  conversationChanged,
  conversationOpened,
  conversationSplit,
  messageAdded,
} from '../events.ts'
import { preview } from '../incoming.ts'
import { addLink } from '../linking/linking.ts'
import { mailParticipants } from '../mail/tables.ts'
import { conversations, messages } from '../tables.ts'
import { addSystemLine } from '../writing.ts'
import { type Chosen, findChosen } from './chosen.ts'
import type { NewSplit } from './schemas.ts'
import { conversationSplits } from './tables.ts'
import { divideWait } from './waiting.ts'

/**
 * Opens a conversation of its own for what a customer wrote in another about another matter. No message moves: the
 * new one refers to them, and follows the other by a link. Asked again with the same `clientId` it is the same one.
 */
export async function splitConversation(ctx: Ctx, id: string, input: NewSplit): Promise<string> {
  const { clientId, assigneeId = null } = input
  const origin = await lockOrigin(ctx, id)
  const earlier = await findEarlier(ctx, id, clientId)
  if (earlier) return earlier
  refuseUnfit(origin)
  const chosen = await findChosen(ctx, origin, [...new Set(input.seqs)])
  if (assigneeId) {
    if (!can(ctx.actor, 'conversations:assign'))
      throw forbidden('permission_denied', 'This needs the permission conversations:assign.')
    await refuseUnfitAssignee(ctx, assigneeId, origin.storeId)
  }

  const intoId = uuidv7()
  const { isOver, ...owed } = await divideWait(ctx, origin, intoId, chosen)
  const subject = input.subject || chosen.find(({ mail }) => mail)?.mail?.subject || origin.subject
  const { message: last } = chosen.at(-1)!
  const [into] = await ctx.db
    .insert(conversations)
    .values({
      ...placeOf(origin),
      ...{ id: intoId, category: 'open', assigneeId, subject, ...owed },
      // It is open since he waits, not since somebody noticed: a split makes no figure prettier.
      ...{ openedAt: owed.waitingSince ?? ctx.now, lastActivityAt: ctx.now },
      ...{ lastSeq: 1, customerCount: chosen.length, previewKind: 'customer' },
      previewText: preview(last.text, last.attachments),
    })
    .returning()
  await ctx.db.insert(conversationSplits).values({
    ...{ intoId, fromId: id, messageIds: chosen.map(({ message }) => message.id) },
    ...{ clientId, at: ctx.now, by: ctx.actor.id },
  })
  await takeParticipantsAlong(ctx, origin, intoId, chosen)
  await addLink(ctx, into!, origin, 'follows')
  if (assigneeId) await recordAssignment(ctx, { ...into!, assigneeId: null }, giftTo(ctx, assigneeId))
  await tell(ctx, origin, into!, { seqs: chosen.map(({ message }) => message.seq), isOver })
  return intoId
}

/** As who places a message does: the identity first, which says whose it is by now, then the conversation. */
async function lockOrigin(ctx: Ctx, id: string): Promise<ConversationRow> {
  const { identityId } = await getConversation(ctx, id)
  const [identity] = await ctx.db
    .select({ customerId: identities.customerId })
    .from(identities)
    .where(eq(identities.id, identityId))
    .for('no key update')
  return { ...(await lockConversation(ctx, id)), ...identity }
}

async function findEarlier(ctx: Ctx, fromId: string, clientId: string) {
  const [split] = await ctx.db
    .select({ intoId: conversationSplits.intoId })
    .from(conversationSplits)
    .where(and(eq(conversationSplits.fromId, fromId), eq(conversationSplits.clientId, clientId)))
  return split?.intoId
}

function refuseUnfit(origin: ConversationRow) {
  if (origin.mergedIntoId)
    throw conflict('conversation_merged', 'This conversation was merged into another.', {
      intoId: origin.mergedIntoId,
    })
  if (origin.spamAt) throw conflict('conversation_spam', 'This conversation is marked as spam.')
  // Only a mail says what it answers. Elsewhere the customer has one conversation before him, his latest: of two,
  // one would never hear from him again.
  if (origin.channelKind !== 'mail')
    throw conflict('one_window', 'In this channel a customer writes in one conversation at a time.', {
      channelKind: origin.channelKind,
    })
}

const placeOf = ({
  storeId,
  channelId,
  channelKind,
  customerId,
  identityId,
  teamId,
  language,
}: ConversationRow) => ({ storeId, channelId, channelKind, customerId, identityId, teamId, language })

/** Those of the other conversation whom these mails came from or went to; nobody else is let in by what he refers to. */
async function takeParticipantsAlong(
  ctx: Ctx,
  origin: ConversationRow,
  intoId: string,
  chosen: readonly Chosen[],
) {
  const named = chosen.flatMap(({ mail }) =>
    mail ? [...(mail.sender ? [mail.sender] : []), ...mail.replyTo, ...mail.to, ...mail.cc] : [],
  )
  await ctx.db.insert(mailParticipants).select(
    ctx.db
      .select({
        conversationId: sql`${intoId}::uuid`.as('conversation_id'),
        address: mailParticipants.address,
      })
      .from(mailParticipants)
      .where(
        and(
          eq(mailParticipants.conversationId, origin.id),
          sql`${mailParticipants.address} = any(${sql.param(named.map(({ address }) => address))}::text[])`,
        ),
      ),
  )
}

const giftTo = (ctx: Ctx, staffId: string) => ({
  ...{ staffId, reason: staffId === ctx.actor.id ? 'taken' : 'assigned', params: {} },
})

async function tell(
  ctx: Ctx,
  origin: ConversationRow,
  into: ConversationRow,
  { seqs, isOver }: { seqs: number[]; isOver: boolean },
) {
  const by = ctx.actor.name
  await addSystemLine(ctx, origin, 'conversation.split_off', {
    ...{ intoId: into.id, number: into.number, seqs, by },
  })
  const line = {
    ...{ id: uuidv7(), conversationId: into.id, seq: into.lastSeq, createdAt: ctx.now, text: '' },
    ...{ kind: 'system' as const, authorKind: 'system' as const },
    system: {
      event: 'conversation.split_from',
      params: { fromId: origin.id, number: origin.number, intoId: into.id, seqs, by },
    },
  }
  await ctx.db.insert(messages).values(line)
  const about = aboutOf(into)
  ctx.emit(conversationOpened, { ...about, channelKind: into.channelKind, reopened: false }, subjectOf(into))
  ctx.emit(messageAdded, { ...about, messageId: line.id, seq: line.seq, kind: 'system' }, subjectOf(into))
  if (into.assigneeId) {
    const { staffId, reason } = giftTo(ctx, into.assigneeId)
    ctx.emit(conversationAssigned, { ...about, staffId, fromId: null, reason }, subjectOf(into))
    ctx.audit('conversation.assigned', `conversation:${into.id}`, ['assigneeId'])
  }
  ctx.emit(conversationSplit, { ...aboutOf(origin), intoId: into.id }, subjectOf(origin))
  if (isOver)
    ctx.emit(conversationChanged, { ...aboutOf(origin), fields: ['waitingSince'] }, subjectOf(origin))
  ctx.audit('conversation.split_off', `conversation:${origin.id}`)
  ctx.audit('conversation.split_from', `conversation:${into.id}`)
}
