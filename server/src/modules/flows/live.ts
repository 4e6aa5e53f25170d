import { and, asc, eq, isNotNull, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import type { Db } from '../../platform/db.ts'
import { flowRuns, flows, flowVersions } from './tables.ts'

export type LiveFlow = {
  flow: Pick<typeof flows.$inferSelect, 'id' | 'record' | 'position'>
  version: typeof flowVersions.$inferSelect
}
type Live = { flows: readonly LiveFlow[]; awaited: ReadonlySet<string> }

const read = new WeakMap<Db, Promise<Live>>()

/**
 * The flows at work, in order, and the triggers that somebody waits for. Events are read many at a time in one
 * transaction, so once for each of those: nothing is kept that another process could have changed.
 */
export function liveFlows(ctx: Ctx): Promise<Live> {
  const known = read.get(ctx.db)
  if (known) return known
  const live = look(ctx)
  read.set(ctx.db, live)
  return live
}

async function look(ctx: Ctx): Promise<Live> {
  const [rows, awaited] = [
    await ctx.db
      .select({
        flow: { id: flows.id, record: flows.record, position: flows.position },
        version: flowVersions,
      })
      .from(flows)
      .innerJoin(flowVersions, eq(flowVersions.id, flows.publishedId))
      .where(eq(flows.state, 'on'))
      .orderBy(asc(flows.position), asc(flows.id))
      .prepare('live-flows')
      .execute(),
    await ctx.db
      .selectDistinct({ code: sql<string>`${flowRuns.wakesOn}` })
      .from(flowRuns)
      .where(and(isNotNull(flowRuns.wakesOn)))
      .prepare('awaited-triggers')
      .execute(),
  ]
  return { flows: rows, awaited: new Set(awaited.map(({ code }) => code)) }
}
