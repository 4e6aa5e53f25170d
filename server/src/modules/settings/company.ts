import { eq } from 'drizzle-orm'
import { type Ctx, system } from '../../platform/context.ts'
import { conflict, found } from '../../platform/errors.ts'
import { assertSeesStores } from '../staff/roles.ts'
import { createFirstAdmin } from '../staff/staff.ts'
import { companyChanged } from './events.ts'
import type { CompanyChange, Setup } from './schemas.ts'
import { createStore } from './stores.ts'
import { company } from './tables.ts'

export async function findCompany(ctx: Ctx) {
  const [row] = await ctx.db.select().from(company)
  return row
}

export const getCompany = async (ctx: Ctx) => found(await findCompany(ctx), 'company')

export async function createCompany(
  ctx: Ctx,
  input: { name: string; zone: string; locale: 'zh' | 'en'; isSample?: boolean },
) {
  const [row] = await ctx.db
    .insert(company)
    .values({ ...input, createdAt: ctx.now })
    .onConflictDoNothing()
    .returning()
  if (!row) throw conflict('already_set_up', 'This house has a company already.')
  ctx.emit(companyChanged, {})
  ctx.audit('company.created', 'company')
  return row
}

export async function changeCompany(ctx: Ctx, fields: CompanyChange) {
  assertSeesStores(ctx.actor, null)
  const changed = Object.keys(fields)
  if (changed.length === 0) return getCompany(ctx)
  const [row] = await ctx.db.update(company).set(fields).where(eq(company.isOnly, true)).returning()
  const after = found(row, 'company')
  ctx.emit(companyChanged, {})
  ctx.audit('company.changed', 'company', changed)
  return after
}

/** The first run: company, first store and first admin, or a refusal where there is a company already. */
export async function setUp(ctx: Ctx, { company: named, store, admin }: Setup) {
  // Nobody has signed in yet, so nobody sees a store: the house itself does this.
  const house = { ...ctx, actor: system }
  await createFirstAdmin(house, { locale: named.locale, ...admin })
  await createCompany(house, named)
  await createStore(house, { ...store, colour: '#0E6E6E', calendarId: null })
  return { done: true }
}
