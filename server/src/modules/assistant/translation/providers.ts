import { and, asc, desc, eq, isNull, lte } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { found, invalid } from '../../../platform/errors.ts'
import type { Secrets } from '../../../platform/secrets.ts'
import { assertSeesStores } from '../../staff/roles.ts'
import { translationSettingsChanged } from '../events.ts'
import { providers } from './adapters.ts'
import type { NewProvider, Price, ProviderChange } from './schemas.ts'
import { translationPrices, translationProviders } from './tables.ts'

export type ProviderRow = typeof translationProviders.$inferSelect
export type PriceRow = typeof translationPrices.$inferSelect

export const sealedKeys = { table: 'translation_providers', key: 'id', column: 'key_sealed' }

const isThere = isNull(translationProviders.archivedAt)

export async function listProviders(ctx: Ctx) {
  const rows = await ctx.db
    .select()
    .from(translationProviders)
    .where(isThere)
    .orderBy(asc(translationProviders.position), asc(translationProviders.id))
  const prices = await pricesInForce(ctx)
  return rows.map(row => present(row, prices.get(row.id)!))
}

export async function getProvider(ctx: Ctx, id: string) {
  const row = await readProvider(ctx, id)
  return present(row, (await pricesInForce(ctx)).get(id)!)
}

export async function readProvider(ctx: Ctx, id: string): Promise<ProviderRow> {
  const [row] = await ctx.db
    .select()
    .from(translationProviders)
    .where(and(eq(translationProviders.id, id), isThere))
  return found(row, 'translation_provider')
}

export async function createProvider(ctx: Ctx, secrets: Secrets, { key, price, ...input }: NewProvider) {
  assertSeesStores(ctx.actor, null)
  if (!key && providers[input.kind].takesKey === 'always') throw keyMissing()
  const [row] = await ctx.db
    .insert(translationProviders)
    .values({ ...input, createdAt: ctx.now })
    .returning()
  if (key) await sealKey(ctx, secrets, row!.id, key)
  await ctx.db.insert(translationPrices).values({ ...price, providerId: row!.id, effectiveFrom: ctx.now })
  tell(ctx, 'translation_provider.created', row!.id, Object.keys(input))
  return getProvider(ctx, row!.id)
}

/** Whoever may change a service must not learn its key by naming a server of his own: it goes with the address. */
export async function changeProvider(
  ctx: Ctx,
  secrets: Secrets,
  id: string,
  { key, ...change }: ProviderChange,
) {
  const before = await readProvider(ctx, id)
  assertSeesStores(ctx.actor, null)
  if (change.model === null && before.kind === 'openai')
    throw invalid('model_missing', 'Say which model is to be asked.')
  const isMoved = change.baseUrl !== undefined && change.baseUrl !== before.baseUrl
  if (isMoved && !key && providers[before.kind].takesKey === 'always') throw keyMissing()
  await ctx.db
    .update(translationProviders)
    .set({
      ...change,
      ...((isMoved || key === null) && { keySealed: null }),
      // What was wrong may be right now.
      ...{ failures: 0, pausedUntil: null, failure: null, failedAt: null },
    })
    .where(eq(translationProviders.id, id))
  if (key) await sealKey(ctx, secrets, id, key)
  tell(ctx, 'translation_provider.changed', id, [
    ...Object.keys(change),
    ...(key !== undefined ? ['key'] : []),
  ])
  return getProvider(ctx, id)
}

/** From now on it takes this; what it has cost stays what it was. */
export async function changePrice(ctx: Ctx, id: string, price: Price) {
  await readProvider(ctx, id)
  assertSeesStores(ctx.actor, null)
  await ctx.db
    .insert(translationPrices)
    .values({ ...price, providerId: id, effectiveFrom: ctx.now })
    .onConflictDoUpdate({
      target: [translationPrices.providerId, translationPrices.effectiveFrom],
      set: price,
    })
  tell(ctx, 'translation_price.changed', id, Object.keys(price))
  return getProvider(ctx, id)
}

export async function archiveProvider(ctx: Ctx, id: string) {
  await readProvider(ctx, id)
  assertSeesStores(ctx.actor, null)
  await ctx.db
    .update(translationProviders)
    .set({ archivedAt: ctx.now, isActive: false, keySealed: null })
    .where(eq(translationProviders.id, id))
  tell(ctx, 'translation_provider.archived', id)
}

/** Those that may be asked, in the order in which they are. */
export async function activeProviders(ctx: Ctx): Promise<{ provider: ProviderRow; price: PriceRow }[]> {
  const rows = await ctx.db
    .select()
    .from(translationProviders)
    .where(and(eq(translationProviders.isActive, true), isThere))
    .orderBy(asc(translationProviders.position), asc(translationProviders.id))
  if (rows.length === 0) return []
  const prices = await pricesInForce(ctx)
  return rows.map(provider => ({ provider, price: prices.get(provider.id)! }))
}

export async function priceOf(ctx: Ctx, id: string): Promise<PriceRow> {
  return (await pricesInForce(ctx)).get(id)!
}

export const openKey = (secrets: Secrets, { id, keySealed }: ProviderRow) =>
  keySealed ? secrets.open(keySealed, placeOf(id)) : ''

async function pricesInForce(ctx: Ctx) {
  const rows = await ctx.db
    .selectDistinctOn([translationPrices.providerId])
    .from(translationPrices)
    .where(lte(translationPrices.effectiveFrom, ctx.now))
    .orderBy(asc(translationPrices.providerId), desc(translationPrices.effectiveFrom))
  return new Map(rows.map(row => [row.providerId, row]))
}

const placeOf = (row: string) => ({ table: 'translation_providers', row, column: 'key_sealed' })

const sealKey = (ctx: Ctx, secrets: Secrets, id: string, key: string) =>
  ctx.db
    .update(translationProviders)
    .set({ keySealed: secrets.seal(key, placeOf(id)) })
    .where(eq(translationProviders.id, id))

const keyMissing = () =>
  invalid('key_missing', 'This service needs its key, and again when its address changes.')

function tell(ctx: Ctx, action: string, id: string, fields: string[] = []) {
  ctx.emit(translationSettingsChanged, {})
  ctx.audit(action, `translation_provider:${id}`, fields)
}

const present = (
  { keySealed, failures: _, createdAt: __, archivedAt: ___, ...row }: ProviderRow,
  price: PriceRow,
) => ({
  ...row,
  hasKey: keySealed !== null,
  price,
})
