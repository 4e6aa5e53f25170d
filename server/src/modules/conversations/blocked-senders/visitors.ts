import { and, count, eq, lte, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { maskCardNumbers } from '../../../platform/card-numbers.ts'
import type { Ctx } from '../../../platform/context.ts'
import { laneOf } from '../../channels/ledger.ts'
import { inbound } from '../../channels/tables.ts'
import type { KeptMessage } from '../../channels/web-chat.ts'
import { identities } from '../../customers/tables.ts'
import type { NewWidgetMessage } from '../widget.ts'

/**
 * Keeps what a blocked visitor wrote, in the ledger and nowhere else. His window is told it was sent, and shows it
 * after what is there: that he is blocked would only teach him to come back as somebody else.
 */
export async function keepFromBlocked(ctx: Ctx, input: NewWidgetMessage, lastSeq: number) {
  const { identityId, channelId, visitorId } = ctx.actor.bound as Record<string, string>
  const externalId = `${visitorId}:${input.clientId}`
  const text = maskCardNumbers(input.text)
  await ctx.db
    .insert(inbound)
    .values({
      ...{ channelId: channelId!, externalId, line: identityId!, lane: laneOf(identityId!) },
      raw: Buffer.from(
        JSON.stringify({ ...input, text, identity: await nameOf(ctx, identityId!) } satisfies Kept),
      ),
      ...{ headers: {}, receivedAt: ctx.now, doneAt: ctx.now },
      ...{ state: 'ignored', reason: 'sender_blocked', identityId },
    })
    .onConflictDoNothing()
  const [kept] = await ctx.db
    .select({ id: inbound.id, receivedAt: inbound.receivedAt })
    .from(inbound)
    .where(and(eq(inbound.channelId, channelId!), eq(inbound.externalId, externalId)))
  const [before] = await ctx.db
    .select({ n: count() })
    .from(inbound)
    .where(and(eq(inbound.identityId, identityId!), lte(inbound.id, kept!.id)))
  return {
    ...{ id: input.clientId, clientId: input.clientId, seq: lastSeq + before!.n, text },
    ...{ from: 'customer' as const, author: null, createdAt: kept!.receivedAt },
  }
}

type Kept = z.output<typeof KeptMessage> & NewWidgetMessage

async function nameOf(ctx: Ctx, identityId: string): Promise<Kept['identity']> {
  const [identity] = await ctx.db
    .select({
      kind: sql<'visitor' | 'user'>`${identities.kind}`,
      scope: identities.scope,
      value: identities.value,
      verified: identities.isVerified,
    })
    .from(identities)
    .where(eq(identities.id, identityId))
  return identity!
}
