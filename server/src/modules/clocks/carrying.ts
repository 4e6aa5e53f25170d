import { and, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { endClocks } from './clocks.ts'
import { lockRunning, type Running, reckonAgain } from './running.ts'
import { clocks } from './tables.ts'

const answerKinds = ['first_response', 'next_response'] as const

const isAnswer = ({ clock: { kind } }: Running) => (answerKinds as readonly string[]).includes(kind)

/**
 * What is owed to a customer in one conversation goes on in another: the nearer of their clocks for an answer, and
 * every promise. What else runs for the one ends. Answers which clocks went over.
 */
export async function carryClocks(ctx: Ctx, fromId: string, intoId: string): Promise<string[]> {
  const running = await lockRunning(ctx, [fromId, intoId].toSorted())
  const isFrom = ({ clock }: Running) => clock.subjectId === fromId
  const [nearest] = running
    .filter(isAnswer)
    .toSorted((a, b) => a.clock.dueAt.getTime() - b.clock.dueAt.getTime())
  const goesOver = nearest && isFrom(nearest)
  const carried = running.filter(one => isFrom(one) && (one === nearest || one.clock.kind === 'promise'))
  const ending = running.filter(one =>
    isFrom(one) ? !carried.includes(one) : goesOver === true && isAnswer(one),
  )
  await endClocks(ctx, ending, 'merged')
  const ids = carried.map(({ clock }) => clock.id)
  if (ids.length > 0) await ctx.db.update(clocks).set({ subjectId: intoId }).where(inArray(clocks.id, ids))
  return ids
}

/** What is owed as an answer is owed in another conversation, by the same clock. Answers whether one ran. */
export async function carryAnswer(ctx: Ctx, fromId: string, intoId: string): Promise<boolean> {
  const ids = (await lockRunning(ctx, [fromId])).filter(isAnswer).map(({ clock }) => clock.id)
  if (ids.length > 0) await ctx.db.update(clocks).set({ subjectId: intoId }).where(inArray(clocks.id, ids))
  return ids.length > 0
}

/** Those of these that run still count for the other again. */
export async function bringBackClocks(ctx: Ctx, ids: readonly string[], subjectId: string) {
  if (ids.length === 0) return
  await ctx.db
    .update(clocks)
    .set({ subjectId })
    .where(and(inArray(clocks.id, [...ids]), isNull(clocks.stoppedAt)))
}

/**
 * Lets what was stopped at that moment go on as if it had not been, because the stopping is undone: what was told
 * stays told, what was late stays late. One that runs again already is left alone; `withAnswers: false` where the customer was answered meanwhile.
 */
export async function reviveClocks(
  ctx: Ctx,
  subjectId: string,
  stoppedAt: Date,
  { withAnswers = true } = {},
) {
  const running = await lockRunning(ctx, [subjectId])
  const kinds = [...running.map(({ clock }) => clock.kind), ...(withAnswers ? [] : answerKinds)]
  const revived = await ctx.db
    .update(clocks)
    .set({ stoppedAt: null, stopReason: null, ownMs: null, feltMs: null })
    .where(
      and(
        eq(clocks.subjectId, subjectId),
        eq(clocks.stoppedAt, stoppedAt),
        sql`not (${clocks.kind} = any(${sql.param(kinds)}::text[]) and ${clocks.kind} <> 'promise')`,
      ),
    )
    .returning({ id: clocks.id })
  const ids = new Set(revived.map(({ id }) => id))
  const again = (await lockRunning(ctx, [subjectId])).filter(({ clock }) => ids.has(clock.id))
  await reckonAgain(ctx, again)
}
