import { Readable } from 'node:stream'
import { and, eq, inArray } from 'drizzle-orm'
import { type Actor, can, system } from '../../../platform/context.ts'
import { Refusal, reasonOf } from '../../../platform/errors.ts'
import { files } from '../../../platform/files.ts'
import { lookingContext, transact, type Workplace } from '../../../platform/work.ts'
import { permissionsOf } from '../../staff/sessions.ts'
import { type Locale, roles, staff } from '../../staff/tables.ts'
import { dataExports } from '../tables.ts'
import { csvOf } from './csv.ts'
import { tellExport } from './exports.ts'
import { mostRows, sheetOf } from './matters.ts'
import type { Cell, Sheet } from './sheet.ts'
import { xlsxOf } from './xlsx.ts'

const fetchableMs = 24 * 3_600_000
const maxBytes = 256 * 1024 * 1024
const toldEvery = 5_000

/** Makes the file with the eyes of the one who asked, as his role and stores are now. */
export async function makeExport(place: Workplace, { exportId }: { exportId: string }) {
  const order = await transact(place, system, async ctx => {
    const [row] = await ctx.db
      .update(dataExports)
      .set({ state: 'working', rowsDone: 0 })
      .where(and(eq(dataExports.id, exportId), inArray(dataExports.state, ['waiting', 'working'])))
      .returning()
    if (row) tellExport(ctx, row)
    return row
  })
  if (!order) return
  const end = (fields: Partial<typeof dataExports.$inferInsert>, by: Actor) =>
    transact(place, by, async ctx => {
      await ctx.db
        .update(dataExports)
        .set({ ...fields, finishedAt: ctx.now })
        .where(eq(dataExports.id, exportId))
      ctx.audit(`export.${fields.state === 'done' ? 'made' : 'failed'}`, `export:${exportId}`)
      tellExport(ctx, order)
    })
  try {
    const { actor, locale } = await askerOf(place, order.staffId)
    const ctx = lookingContext(place, actor)
    const counted = { rows: 0, isCut: false }
    const sheet = await sheetOf(ctx, order.matter, locale)
    const watched = { ...sheet, rows: limited(sheet, counted, n => noteProgress(place, order, n)) }
    const content = order.format === 'csv' ? csvOf(watched) : xlsxOf(watched)
    const stored = await place.files.put(Readable.from(content), { maxBytes })
    const expiresAt = new Date(place.clock.now().getTime() + fetchableMs)
    await end({ ...stored, state: 'done', rowsDone: counted.rows, isCut: counted.isCut, expiresAt }, actor)
  } catch (error) {
    place.log.warn({ err: error, exportId }, 'an export failed')
    const reason = error instanceof Refusal ? error.code : 'broken'
    await end({ state: 'failed', reason }, system)
    if (!(error instanceof Refusal)) place.log.error({ exportId, why: reasonOf(error) }, 'an export broke')
  }
}

async function askerOf(place: Workplace, staffId: string): Promise<{ actor: Actor; locale: Locale }> {
  const [person] = await place.db
    .select({ row: staff, permissions: roles.permissions })
    .from(staff)
    .innerJoin(roles, eq(roles.id, staff.roleId))
    .where(eq(staff.id, staffId))
  const permissions = permissionsOf(person?.permissions ?? [])
  const actor: Actor = {
    ...{ kind: 'staff', id: staffId, name: person?.row.name ?? '', permissions },
    storeIds: person?.row.storeIds ?? 'all',
  }
  if (!person || person.row.deactivatedAt || !can(actor, 'insight:export'))
    throw new Refusal(403, 'permission_denied', 'Who asked for it may no longer take data out.')
  return { actor, locale: person.row.locale }
}

async function* limited(
  { rows }: Sheet,
  counted: { rows: number; isCut: boolean },
  tell: (n: number) => Promise<void>,
): AsyncGenerator<readonly Cell[]> {
  for await (const row of rows) {
    if (counted.rows === mostRows) {
      counted.isCut = true
      return
    }
    counted.rows += 1
    yield row
    if (counted.rows % toldEvery === 0) await tell(counted.rows)
  }
}

const noteProgress = (place: Workplace, order: typeof dataExports.$inferSelect, rowsDone: number) =>
  transact(place, system, async ctx => {
    await ctx.db.update(dataExports).set({ rowsDone }).where(eq(dataExports.id, order.id))
    tellExport(ctx, order)
  })

/** The content goes unless another export or file is the same. */
export async function forgetExport(place: Workplace, { sha256 }: { sha256: string }) {
  const others = await place.db.$count(
    dataExports,
    and(eq(dataExports.sha256, sha256), eq(dataExports.state, 'done')),
  )
  const named = await place.db.$count(files, eq(files.sha256, sha256))
  if (others + named === 0) await place.files.remove(sha256)
}
