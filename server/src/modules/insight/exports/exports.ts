import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { conflict, found, Refusal } from '../../../platform/errors.ts'
import { enqueue } from '../../../platform/queue.ts'
import { getSavedView } from '../../conversations/saved-views/saved-views.ts'
import { myself } from '../../staff/me.ts'
import { exportChanged } from '../events.ts'
import { askFor } from '../facts.ts'
import type { NewExport } from '../schemas.ts'
import { dataExports } from '../tables.ts'

type ExportRow = typeof dataExports.$inferSelect

const mostAtOnce = 5
const giveUpAfterMs = 3_600_000

/** Asks for data in a file. What cannot be answered is refused at once; the file itself is made by a job. */
export async function requestExport(ctx: Ctx, { matter, format }: NewExport) {
  const staffId = myself(ctx)
  if (matter.kind === 'view') await getSavedView(ctx, matter.savedViewId)
  if (matter.kind === 'figures' || matter.kind === 'rows') await askFor(ctx, matter.question)
  const running = await ctx.db.$count(
    dataExports,
    and(eq(dataExports.staffId, staffId), inArray(dataExports.state, ['waiting', 'working'])),
  )
  if (running >= mostAtOnce) throw conflict('too_many_exports', 'Wait until one of your exports is done.')
  const about = matter.kind === 'figures' || matter.kind === 'rows' ? `${matter.question.metric}-` : ''
  const name = `${matter.kind}-${about}${ctx.now.toISOString().slice(0, 19).replaceAll(/[T:]/g, '-')}.${format}`
  const [row] = await ctx.db
    .insert(dataExports)
    .values({ staffId, matter, format, name, createdAt: ctx.now })
    .returning()
  await enqueue(ctx, 'insight.make-export', { exportId: row!.id }, { attempts: 1 })
  ctx.audit('export.requested', `export:${row!.id}`, [matter.kind])
  tellExport(ctx, row!)
  return present(ctx, row!)
}

export async function listExports(ctx: Ctx) {
  const rows = await ctx.db
    .select()
    .from(dataExports)
    .where(eq(dataExports.staffId, myself(ctx)))
    .orderBy(desc(dataExports.createdAt), desc(dataExports.id))
    .limit(50)
  return { items: rows.map(row => present(ctx, row)) }
}

export const getExport = async (ctx: Ctx, id: string) => present(ctx, await ownExport(ctx, id))

/** The one who asked for it, as long as it may be fetched; each fetching is noted. */
export async function fetchExport(ctx: Ctx, id: string) {
  const row = await ownExport(ctx, id)
  if (row.state === 'expired' || (row.expiresAt && row.expiresAt <= ctx.now))
    throw new Refusal(410, 'export_expired', 'This export is gone; ask for it again.')
  if (row.state !== 'done') throw conflict('export_not_done', 'This export is not done.')
  ctx.audit('export.fetched', `export:${id}`)
  return { name: row.name, size: row.size!, sha256: row.sha256!, format: row.format }
}

async function ownExport(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select()
    .from(dataExports)
    .where(and(eq(dataExports.id, id), eq(dataExports.staffId, myself(ctx))))
  return found(row, 'export')
}

export const tellExport = (ctx: Ctx, { id, staffId }: Pick<ExportRow, 'id' | 'staffId'>) =>
  ctx.emit(exportChanged, { exportId: id, staffId })

const present = (ctx: Ctx, { matter, expiresAt, state: kept, ...row }: ExportRow) => {
  const state = kept === 'done' && expiresAt && expiresAt <= ctx.now ? ('expired' as const) : kept
  return {
    ...row,
    ...{ state, expiresAt, kind: matter.kind },
    url: state === 'done' ? `/api/exports/${row.id}/file` : null,
  }
}

/** Takes away what may no longer be fetched, and gives up what a lost process left behind. */
export async function expireExports(ctx: Ctx) {
  const gone = await ctx.db
    .update(dataExports)
    .set({ state: 'expired' })
    .where(and(eq(dataExports.state, 'done'), lt(dataExports.expiresAt, ctx.now)))
    .returning()
  const lost = await ctx.db
    .update(dataExports)
    .set({ state: 'failed', reason: 'gave_up', finishedAt: ctx.now })
    .where(
      and(
        inArray(dataExports.state, ['waiting', 'working']),
        sql`${dataExports.createdAt} < ${new Date(ctx.now.getTime() - giveUpAfterMs)}`,
      ),
    )
    .returning()
  for (const row of gone) await enqueue(ctx, 'insight.forget-export', { sha256: row.sha256 }, { attempts: 3 })
  for (const row of [...gone, ...lost]) tellExport(ctx, row)
}
