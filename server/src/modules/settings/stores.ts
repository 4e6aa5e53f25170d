import { randomBytes } from 'node:crypto'
import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { found } from '../../platform/errors.ts'
import { assertSeesStores } from '../staff/roles.ts'
import { refuseUnknownCalendar } from './calendars.ts'
import { storeChanged } from './events.ts'
import type { NewStore, StoreChange } from './schemas.ts'
import { stores } from './tables.ts'

export async function getStore(ctx: Ctx, id: string) {
  const [store] = await ctx.db
    .select()
    .from(stores)
    .where(and(eq(stores.id, id), visibleTo(ctx)))
  return found(store, 'store')
}

/** For those who come with a store's public key, whoever they are. */
export async function findStoreByKey(ctx: Ctx, key: string) {
  const [store] = await ctx.db
    .select()
    .from(stores)
    .where(and(eq(stores.key, key), isNull(stores.archivedAt)))
  return store
}

/** The stores the actor may see. */
export const listStores = (ctx: Ctx) =>
  ctx.db.select().from(stores).where(visibleTo(ctx)).orderBy(asc(stores.createdAt), asc(stores.id))

/** Only those who see every store, also future ones, will see the one they create. */
export async function createStore(ctx: Ctx, input: NewStore & { key?: string }) {
  assertSeesStores(ctx.actor, null)
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
  const current = await getStore(ctx, id)
  const change = {
    ...fields,
    ...(fields.brand === '' && { brand: fields.name ?? current.name }),
    ...(isArchived !== undefined && { archivedAt: isArchived ? (current.archivedAt ?? ctx.now) : null }),
  }
  const changed = Object.keys(change)
  if (changed.length === 0) return current
  await refuseUnknownCalendar(ctx, fields.calendarId)
  const [store] = await ctx.db.update(stores).set(change).where(eq(stores.id, id)).returning()
  ctx.emit(storeChanged, { storeId: id })
  ctx.audit('store.changed', `store:${id}`, changed)
  return store!
}

const visibleTo = ({ actor }: Ctx) =>
  actor.storeIds === 'all' ? undefined : inArray(stores.id, [...actor.storeIds])
