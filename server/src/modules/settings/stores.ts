import { randomBytes } from 'node:crypto'
import { asc, eq, inArray } from 'drizzle-orm'
import { type Ctx, sees } from '../../platform/context.ts'
import { found, invalid, notFound } from '../../platform/errors.ts'
import { storeChanged } from './events.ts'
import type { NewStore, StoreChange } from './schemas.ts'
import { calendars, stores } from './tables.ts'

export async function getStore(ctx: Ctx, id: string) {
  const [store] = await ctx.db.select().from(stores).where(eq(stores.id, id))
  if (store && !sees(ctx.actor, id)) throw notFound('store')
  return found(store, 'store')
}

export async function findStoreByKey(ctx: Ctx, key: string) {
  const [store] = await ctx.db.select().from(stores).where(eq(stores.key, key))
  return store && store.archivedAt === null ? store : undefined
}

/** The stores the actor may see. */
export function listStores(ctx: Ctx) {
  const { storeIds } = ctx.actor
  return ctx.db
    .select()
    .from(stores)
    .where(storeIds === 'all' ? undefined : inArray(stores.id, [...storeIds]))
    .orderBy(asc(stores.createdAt), asc(stores.id))
}

export async function createStore(ctx: Ctx, input: NewStore & { key?: string }) {
  await refuseUnknownCalendar(ctx, input.calendarId)
  const key = input.key ?? randomBytes(6).toString('hex')
  const [store] = await ctx.db
    .insert(stores)
    .values({ ...input, key, brand: input.brand || input.name, createdAt: ctx.now })
    .returning()
  ctx.emit(storeChanged, { storeId: store!.id })
  ctx.audit('store.created', `store:${store!.id}`)
  return store!
}

export async function changeStore(ctx: Ctx, id: string, { isArchived, ...fields }: StoreChange) {
  await getStore(ctx, id)
  await refuseUnknownCalendar(ctx, fields.calendarId ?? null)
  const archived = isArchived === undefined ? {} : { archivedAt: isArchived ? ctx.now : null }
  const [store] = await ctx.db
    .update(stores)
    .set({ ...fields, ...archived })
    .where(eq(stores.id, id))
    .returning()
  ctx.emit(storeChanged, { storeId: id })
  ctx.audit('store.changed', `store:${id}`, [...Object.keys(fields), ...Object.keys(archived)])
  return store!
}

async function refuseUnknownCalendar(ctx: Ctx, id: string | null) {
  if (id === null) return
  const [calendar] = await ctx.db.select({ id: calendars.id }).from(calendars).where(eq(calendars.id, id))
  if (!calendar) throw invalid('calendar_not_found', 'There is no such calendar.')
}
