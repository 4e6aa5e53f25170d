import { and, asc, eq, gt } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import type { Conversation } from '../schemas.ts'
import { messages } from '../tables.ts'
import { getConversationView } from '../views.ts'

type Change = { field: string; from: string[]; to: string[] }

/** What is other in a conversation than it was, and what was added to it, in names and code words. */
export async function changesBetween(ctx: Ctx, before: Conversation): Promise<Change[]> {
  const after = await getConversationView(ctx, before.id)
  const changes = Object.entries(shown).flatMap(([field, of]) => {
    const [from, to] = [of(before), of(after)]
    return String(from) === String(to) ? [] : [{ field, from, to }]
  })
  const added = await ctx.db
    .select({ kind: messages.kind, text: messages.text })
    .from(messages)
    .where(and(eq(messages.conversationId, before.id), gt(messages.seq, before.lastSeq)))
    .orderBy(asc(messages.seq))
  return [
    ...changes,
    ...added
      .filter(({ kind }) => kind === 'note')
      .map(({ kind, text }) => ({ field: kind as string, from: [], to: [text] })),
  ]
}

const one = (value: string | null | undefined) => (value ? [value] : [])

const shown: Record<string, (row: Conversation) => string[]> = {
  status: ({ status }) => [status.category],
  label: ({ status }) => one(status.label?.name),
  waitingFor: ({ status }) => one(status.waitingFor),
  snoozedUntil: ({ snoozedUntil }) => one(snoozedUntil?.toISOString()),
  assignee: ({ assignee }) => one(assignee?.name),
  team: ({ team }) => one(team?.name),
  priority: ({ priority }) => [priority],
  reason: ({ reason }) => one(reason),
  tags: ({ tags }) => tags,
}
