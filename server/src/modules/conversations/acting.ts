import { z } from 'zod'
import { ActionCall, type Done, lockForAll, perform, type Reach } from '../../platform/actions.ts'
import type { Ctx } from '../../platform/context.ts'
import { conflict } from '../../platform/errors.ts'
import { type ConversationRow, getConversation, lockConversation, refuseStale } from './conversations.ts'

/** How a conversation was left: what an act changed, by name, as it was afterwards. */
export const Left = z.record(z.string().max(200), z.union([z.string(), z.number(), z.boolean(), z.null()]))
export type Left = z.output<typeof Left>

export const NewActs = z.object({
  actions: z.array(ActionCall).min(1).max(20),
  expectedVersion: z.number().int().optional(),
  /** What an earlier answer called `left`: refused where somebody has changed any of it since. */
  left: Left.optional(),
})

export type Acted = Done & { left: Left }

/**
 * Does one thing after the other, all or none. What brings it back comes with `left`: handed in together they undo
 * it, unless somebody has changed the same meanwhile; what else happened stands in nobody's way.
 */
export async function actOn(
  ctx: Ctx,
  id: string,
  { actions, expectedVersion, left }: z.output<typeof NewActs>,
  reach: Reach = 'one',
): Promise<Acted> {
  await lockForAll(ctx, 'conversation', id, actions)
  const before = await lockConversation(ctx, id)
  refuseStale(ctx, before, expectedVersion)
  if (left && !isAsLeft(before, left))
    throw conflict('changed_meanwhile', 'Somebody changed this conversation meanwhile.', {
      version: before.version,
    })
  const done: Done[] = []
  for (const call of actions) done.push(await perform(ctx, 'conversation', id, call, { reach }))
  const after = await getConversation(ctx, id)
  return {
    changed: done.some(({ changed }) => changed),
    undo: done.some(({ undo }) => undo === null) ? null : done.reverse().flatMap(({ undo }) => undo ?? []),
    left: differenceOf(before, after),
  }
}

type Standing = ReadonlyMap<string, Left[string]>

/** What acts change and people look at. Each tag stands by itself: another one beside it is no change of it. */
function standingOf(row: ConversationRow): Standing {
  const { assigneeId, teamId, category, waitingFor, labelId, priority, reason, mergedIntoId } = row
  return new Map<string, Left[string]>([
    ...Object.entries({ assigneeId, teamId, category, waitingFor, labelId, priority, reason, mergedIntoId }),
    ['isSpam', row.spamAt !== null],
    ['snoozedUntil', row.snoozedUntil?.toISOString() ?? null],
    ...row.tags.map(tag => [`tag ${tag}`, true] as const),
    ...Object.entries(row.customFields).map(([key, value]) => [`field ${key}`, value] as const),
  ])
}

function differenceOf(before: ConversationRow, after: ConversationRow): Left {
  const [was, is] = [standingOf(before), standingOf(after)]
  const names = [...new Set([...was.keys(), ...is.keys()])]
  return Object.fromEntries(
    names.filter(name => was.get(name) !== is.get(name)).map(name => [name, is.get(name) ?? null]),
  )
}

function isAsLeft(row: ConversationRow, left: Left) {
  const is = standingOf(row)
  return Object.entries(left).every(([name, value]) => (is.get(name) ?? null) === value)
}
