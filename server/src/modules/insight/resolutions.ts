import { sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { resolutions } from './tables.ts'

type Told = { eventId: number; conversationId: string; at: Date }

export const noteResolution = (
  ctx: Ctx,
  { eventId, conversationId, at, staffId }: Told & { staffId: string | null },
) =>
  ctx.db
    .insert(resolutions)
    .values({ eventId, conversationId, staffId, resolvedAt: at })
    .onConflictDoNothing()

/** Of several resolutions it is the last before that was undone. */
export const noteReopening = (ctx: Ctx, { conversationId, at }: Omit<Told, 'eventId'>) =>
  ctx.db.execute(sql`
    update resolutions set reopened_at = ${at} where event_id = (
      select event_id from resolutions where conversation_id = ${conversationId} and resolved_at <= ${at}
      order by resolved_at desc, event_id desc limit 1) and reopened_at is null`)
