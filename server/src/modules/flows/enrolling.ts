import { and, eq, sql } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Ctx } from '../../platform/context.ts'
import { type EventRow, on, type Reaction } from '../../platform/events.ts'
import type { Trigger, TriggerKinds } from '../../platform/triggers.ts'
import { limits } from './limits.ts'
import { type LiveFlow, liveFlows } from './live.ts'
import { flowRuns } from './tables.ts'
import { type barredReasons, isClockTrigger } from './terms.ts'

/** One for each event that any trigger is about: flows come in their order, whatever triggers they name. */
export const enrolOn = (triggers: TriggerKinds): Reaction[] =>
  [...Map.groupBy(triggers.values(), ({ event }) => event.name).values()].map(about =>
    on(about[0]!.event, `flows.enrol-on-${about[0]!.event.name}`, (ctx, payload, row) =>
      enrol(ctx, about, payload, row),
    ),
  )

/**
 * Writes down which flows this event starts and whose wait it ends, with the cursor and so once. Whether a flow's
 * condition holds is asked when its turn comes, so that it sees what those before it have done.
 */
async function enrol(ctx: Ctx, triggers: readonly Trigger[], payload: unknown, row: EventRow) {
  const live = await liveFlows(ctx)
  if (live.flows.length === 0 && live.awaited.size === 0) return
  for (const trigger of triggers)
    if (live.awaited.has(trigger.code) && (trigger.fits?.(payload, trigger.params.parse({})) ?? true))
      await endWaits(ctx, trigger, trigger.recordOf(payload))
  const started = live.flows.flatMap(({ flow, version }) => {
    const trigger = triggers.find(one => isFor(one, { flow, version }, payload, row))
    return trigger ? [{ flow, version, recordId: trigger.recordOf(payload) }] : []
  })
  if (started.length === 0) return
  const doers = await whoBroughtAbout(ctx, row)
  const barredBy = (flowId: string): (typeof barredReasons)[number] | null =>
    doers.has(flowId) ? 'own_doing' : row.depth >= limits.deepest ? 'too_deep' : null
  await ctx.db
    .insert(flowRuns)
    .values(
      started.map(({ flow, version, recordId }) => ({
        id: uuidv7(),
        flowId: flow.id,
        versionId: version.id,
        recordId,
        enrolment: `${flow.id}:event:${row.id}`,
        eventId: row.id,
        depth: row.depth,
        barred: barredBy(flow.id),
        wakeAt: ctx.now,
        enrolledAt: ctx.now,
      })),
    )
    .onConflictDoNothing()
}

/** What happened before a flow was published is none of its business. */
function isFor(trigger: Trigger, { flow, version }: LiveFlow, payload: unknown, row: EventRow) {
  const { code, params } = version.terms.trigger
  return (
    trigger.code === code &&
    trigger.record === flow.record &&
    !isClockTrigger(code) &&
    row.at >= version.publishedAt &&
    (trigger.fits?.(payload, params) ?? true)
  )
}

const endWaits = (ctx: Ctx, { code }: Trigger, recordId: string) =>
  ctx.db
    .update(flowRuns)
    .set({ wakeAt: ctx.now, wakesOn: null })
    .where(and(eq(flowRuns.recordId, recordId), eq(flowRuns.wakesOn, code)))

/** The flows that acted in the chain of causes behind an event, it itself included: the house signs with their ids. */
async function whoBroughtAbout(ctx: Ctx, row: EventRow): Promise<ReadonlySet<string>> {
  const own = row.actorKind === 'system' && row.actorId ? [row.actorId] : []
  if (row.cause === null) return new Set(own)
  const { rows } = await ctx.db.execute<{ id: string }>(sql`
    with recursive causes as (
      select cause, actor_kind, actor_id, 1 as n from events where id = ${row.cause}
      union all
      select events.cause, events.actor_kind, events.actor_id, n + 1 from events join causes on events.id = causes.cause
      where n < ${limits.deepest + 1})
    select distinct actor_id as id from causes where actor_kind = 'system' and actor_id is not null`)
  return new Set([...own, ...rows.map(({ id }) => id)])
}
