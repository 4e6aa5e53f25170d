import { and, eq, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import type { Mail } from '../../../platform/mail/mail.ts'
import type { Secrets } from '../../../platform/secrets.ts'
import { readMailId, readReplyToken, tokenInAddress } from '../../channels/mail/reply-token.ts'
import { conversationSplits } from '../splitting/tables.ts'
import { messages } from '../tables.ts'
import { mailParticipants, mails } from './tables.ts'

export type Letter = { channelId: string; mail: Mail; ours: ReadonlySet<string> }

/** The key of a conversation within a batch, and the conversation where it exists already. */
export type MailThread = { key: string; conversationId: string | null; by: 'token' | 'references' | 'none' }

type Referred = { conversationId: string; splitFromId: string | null }

/** The newest say where a mail belongs; a mail that names thousands is no answer to any. */
const mostReferences = 50

/**
 * Where each mail of a batch belongs, in their order. A token that we signed decides; else a mail it refers to, if
 * its sender already takes part in that conversation. Never its subject: who quotes a number is let in nowhere.
 */
export async function findMailThreads(
  ctx: Ctx,
  secrets: Secrets,
  letters: readonly Letter[],
): Promise<MailThread[]> {
  const tokens = letters.map(letter => conversationInToken(secrets, letter.mail))
  const known = await findReferences(ctx, letters)
  const named = [...known.values()].flatMap(all => all.map(({ conversationId }) => conversationId))
  const participants = await findParticipants(ctx, [...new Set(named)])
  const inBatch = new Map<string, MailThread>()
  return letters.map((letter, n) => {
    const { channelId, mail } = letter
    const writer = mail.from?.address ?? ''
    const thread = tokens[n]
      ? leadTo(findSplit(letter, tokens[n]) ?? tokens[n], 'token')
      : (findByReferences(letter) ?? { key: `new ${n}`, conversationId: null, by: 'none' as const })
    if (mail.messageId && !inBatch.has(`${channelId} ${mail.messageId}`))
      inBatch.set(`${channelId} ${mail.messageId}`, thread)
    const taking = participants.get(thread.key) ?? new Set()
    for (const address of participantsOf(letter)) taking.add(address)
    participants.set(thread.key, taking)
    return thread

    function findByReferences({ mail }: Letter): MailThread | undefined {
      for (const id of referencesOf(mail)) {
        const key = `${channelId} ${id}`
        const candidates = [
          ...(known.get(key) ?? []).map(({ conversationId }) => leadTo(conversationId, 'references')),
          ...(inBatch.has(key) ? [inBatch.get(key)!] : []),
        ]
        const found = candidates.find(thread => participants.get(thread.key)?.has(writer))
        if (found) return { ...found, by: 'references' }
      }
      return undefined
    }

    /** A token names where the talk began; what he answers may have been split off from there since. */
    function findSplit({ mail }: Letter, fromId: string) {
      const answered = known.get(`${channelId} ${referencesOf(mail)[0]}`) ?? []
      return answered.find(
        ({ splitFromId, conversationId }) =>
          splitFromId === fromId && participants.get(conversationId)?.has(writer),
      )?.conversationId
    }
  })
}

const leadTo = (conversationId: string, by: 'token' | 'references') => ({
  key: conversationId,
  conversationId,
  by,
})

/** Everybody a mail comes from or goes to, save ourselves. */
export function participantsOf({ mail, ours }: Letter): string[] {
  const all = [mail.from, ...mail.replyTo, ...mail.to, ...mail.cc].flatMap(one => one?.address ?? [])
  return [...new Set(all)].filter(address => !ours.has(address) && !tokenInAddress(address)).slice(0, 50)
}

/** The conversation a genuine token of ours names, in an address it was sent to or in what it answers. */
export function conversationInToken(secrets: Secrets, mail: Mail): string | null {
  const addresses = [...mail.deliveredTo, ...mail.to.map(to => to.address), ...mail.cc.map(cc => cc.address)]
  for (const address of addresses.slice(0, mostReferences)) {
    const token = tokenInAddress(address)
    const conversationId = token && readReplyToken(secrets, token)
    if (conversationId) return conversationId
  }
  for (const id of referencesOf(mail)) {
    const named = readMailId(secrets, id)
    if (named) return named.conversationId
  }
  return null
}

/** What it answers first, then what that answered, the newest first. */
const referencesOf = (mail: Mail) =>
  [...new Set([...mail.inReplyTo, ...mail.references.toReversed()])].slice(0, mostReferences)

/**
 * Conversations by channel and Message-ID, the newest first: a Message-ID used twice names two. A mail that was split
 * off is of the conversation it was split off into.
 */
async function findReferences(ctx: Ctx, letters: readonly Letter[]) {
  const ids = [...new Set(letters.flatMap(({ mail }) => referencesOf(mail)))]
  if (ids.length === 0) return new Map<string, Referred[]>()
  const rows = await ctx.db
    .select({
      channelId: mails.channelId,
      mailId: mails.mailId,
      conversationId: sql<string>`coalesce(${conversationSplits.intoId}, ${messages.conversationId})`,
      splitFromId: conversationSplits.fromId,
    })
    .from(mails)
    .innerJoin(messages, eq(messages.id, mails.messageId))
    .leftJoin(
      conversationSplits,
      and(
        eq(conversationSplits.fromId, messages.conversationId),
        sql`${messages.id} = any(${conversationSplits.messageIds})`,
      ),
    )
    .where(
      and(
        isNotNull(mails.mailId),
        inArray(mails.mailId, ids),
        inArray(mails.channelId, [...new Set(letters.map(letter => letter.channelId))]),
      ),
    )
    .orderBy(messages.id)
  const found = new Map<string, Referred[]>()
  for (const { channelId, mailId, ...referred } of rows.reverse()) {
    const key = `${channelId} ${mailId}`
    found.set(key, [...(found.get(key) ?? []), referred])
  }
  return found
}

async function findParticipants(ctx: Ctx, conversationIds: readonly string[]) {
  const rows =
    conversationIds.length === 0
      ? []
      : await ctx.db
          .select()
          .from(mailParticipants)
          .where(inArray(mailParticipants.conversationId, [...conversationIds]))
  const byConversation = Map.groupBy(rows, row => row.conversationId)
  return new Map([...byConversation].map(([id, all]) => [id, new Set(all.map(row => row.address))]))
}
