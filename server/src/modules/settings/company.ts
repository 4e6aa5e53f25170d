import { eq } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found } from '../../platform/errors.ts'
import { createFirstAdmin } from '../staff/staff.ts'
import { companyChanged } from './events.ts'
import type { Setup } from './schemas.ts'
import { createStore } from './stores.ts'
import { company } from './tables.ts'

type CompanyRow = typeof company.$inferSelect

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
  return row
}

export async function changeCompany(ctx: Ctx, fields: Partial<Pick<CompanyRow, 'name' | 'zone' | 'locale'>>) {
  await getCompany(ctx)
  const [row] = await ctx.db.update(company).set(fields).where(eq(company.isOnly, true)).returning()
  ctx.emit(companyChanged, {})
  ctx.audit('company.changed', 'company', Object.keys(fields))
  return row!
}

/** The first run: company, first store and first admin, or a refusal where there is a company already. */
export async function setUp(ctx: Ctx, { company: named, store, admin }: Setup) {
  await createFirstAdmin(ctx, { ...admin, locale: named.locale })
  await createCompany(ctx, named)
  await createStore(ctx, { ...store, colour: '#0E6E6E', calendarId: null })
  return { done: true }
}
