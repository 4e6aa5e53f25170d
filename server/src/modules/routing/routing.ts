import { and, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { assignByRouting, requeue } from '../conversations/assignment.ts'
import type { ConversationRow } from '../conversations/conversations.ts'
import { conversations } from '../conversations/tables.ts'
import { listWaitingChats } from '../conversations/waiting-line.ts'
import { stores } from '../settings/tables.ts'
import { roles, staff } from '../staff/tables.ts'
import { queueMoved } from './events.ts'

export type Agent = {
  id: string
  name: string
  languages: string[]
  storeIds: string[] | null
  online: boolean
  openChats: number
  chatLimit: number
}

export type Choice =
  | { agent: Agent; reason: 'fewest_chats_in_language' | 'nobody_speaks_language'; language: string }
  | { agent: null; reason: 'nobody_free'; language: string }

const allocatorLock = 0x0afa_0010
const mostAtOnce = 200

/**
 * Gives every waiting chat that somebody can take to that person, the longest waiting first. One allocator at a
 * time, so nobody is counted twice; a person who takes a chat by hand meanwhile keeps it.
 */
export async function allocateWaitingChats(ctx: Ctx): Promise<void> {
  const [someone] = await listWaitingChats(ctx, 1)
  if (!someone) return
  await ctx.db.execute(sql`select pg_advisory_xact_lock(${allocatorLock})`)
  const waiting = await listWaitingChats(ctx, mostAtOnce)
  const agents = await listAgents(ctx)
  const languages = await storeLanguages(ctx)
  const left: ConversationRow[] = []
  for (const chat of waiting) {
    const { agent, reason, language } = chooseAgent(agents, chat, languages.get(chat.storeId) ?? 'en')
    const candidates = agents.filter(one => one.online && sees(one, chat)).length
    const given =
      agent &&
      (await assignByRouting(ctx, chat, agent.id, reason, {
        language,
        openChats: agent.openChats,
        chatLimit: agent.chatLimit,
        candidates,
      }))
    if (given) agent.openChats += 1
    else left.push(chat)
  }
  for (const [storeId, chats] of Map.groupBy(left, chat => chat.storeId))
    ctx.emit(queueMoved, { storeId, identityIds: chats.map(chat => chat.identityId) })
}

/**
 * Who should take a chat: of those online, below their limit and allowed to see the store, the one with the
 * fewest open chats who speaks its language; among equals the one whose id comes first, so the choice can be
 * repeated. A language that nobody on the whole staff speaks keeps no customer waiting.
 */
export function chooseAgent(
  agents: readonly Agent[],
  chat: { storeId: string; language: string | null },
  storeLanguage: string,
): Choice {
  const language = primary(chat.language ?? storeLanguage)
  const speaks = (agent: Agent) => agent.languages.some(one => primary(one) === language)
  const suitable = agents.filter(agent => sees(agent, chat))
  const isSpoken = suitable.some(speaks)
  const free = suitable.filter(
    agent => agent.online && agent.openChats < agent.chatLimit && (!isSpoken || speaks(agent)),
  )
  const [agent] = free.toSorted((a, b) => a.openChats - b.openChats || (a.id < b.id ? -1 : 1))
  if (!agent) return { agent: null, reason: 'nobody_free', language }
  return { agent, reason: isSpoken ? 'fewest_chats_in_language' : 'nobody_speaks_language', language }
}

/** What an agent who drops off was about to answer goes back to the front of the queue. */
export async function requeueWaitingChats(ctx: Ctx, staffId: string): Promise<void> {
  const left = await ctx.db
    .select()
    .from(conversations)
    .where(
      and(
        eq(conversations.assigneeId, staffId),
        eq(conversations.channelKind, 'web_chat'),
        isNotNull(conversations.waitingSince),
        sql`${conversations.category} in ('new', 'open')`,
      ),
    )
    .orderBy(conversations.waitingSince)
  for (const chat of left) await requeue(ctx, chat, 'agent_left', { staffId })
}

export async function listAgents(ctx: Ctx): Promise<Agent[]> {
  const openChats = ctx.db
    .select({ n: sql<number>`count(*)::int` })
    .from(conversations)
    .where(
      and(
        eq(conversations.assigneeId, staff.id),
        eq(conversations.channelKind, 'web_chat'),
        sql`${conversations.category} in ('new', 'open')`,
      ),
    )
  const rows = await ctx.db
    .select({
      id: staff.id,
      name: staff.name,
      languages: staff.languages,
      storeIds: staff.storeIds,
      availability: staff.availability,
      chatLimit: staff.chatLimit,
      openChats: sql<number>`(${openChats})`,
    })
    .from(staff)
    .innerJoin(roles, eq(roles.id, staff.roleId))
    .where(and(isNull(staff.deactivatedAt), sql`${roles.permissions} && array['conversations:reply', '*']`))
  return rows.map(({ availability, ...agent }) => ({ ...agent, online: availability === 'online' }))
}

/** The waiting chats with who could take each, and why nobody does. */
export async function listQueue(ctx: Ctx) {
  const waiting = await listWaitingChats(ctx)
  const agents = await listAgents(ctx)
  const languages = await storeLanguages(ctx)
  return {
    items: waiting.map((chat, n) => {
      const { reason, language } = chooseAgent(agents, chat, languages.get(chat.storeId) ?? 'en')
      return {
        conversationId: chat.id,
        number: chat.number,
        storeId: chat.storeId,
        language,
        place: n + 1,
        waitingSince: chat.waitingSince!,
        reason,
      }
    }),
  }
}

const sees = (agent: Agent, chat: { storeId: string }) =>
  agent.storeIds === null || agent.storeIds.includes(chat.storeId)

const primary = (tag: string) => tag.toLowerCase().split('-')[0]!

async function storeLanguages(ctx: Ctx) {
  const rows = await ctx.db.select({ id: stores.id, languages: stores.languages }).from(stores)
  return new Map(rows.map(row => [row.id, row.languages[0] ?? 'en']))
}
