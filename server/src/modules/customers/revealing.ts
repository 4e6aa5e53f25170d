import { and, asc, desc, eq, gt, inArray, ne, sql } from 'drizzle-orm'
import { maskCardNumbers } from '../../platform/card-numbers.ts'
import type { Ctx } from '../../platform/context.ts'
import { found, invalid, Refusal } from '../../platform/errors.ts'
import { findCompany } from '../settings/company.ts'
import { usualRevealsPerHour } from '../settings/tables.ts'
import { myself } from '../staff/me.ts'
import { staff } from '../staff/tables.ts'
import { familyOf, findCustomer } from './lookup.ts'
import type { NewReveal } from './schemas.ts'
import { contactReveals, identities } from './tables.ts'

const hour = 3_600_000
const revealLock = 0x0afa_0202
const shownAtMost = 50

/**
 * One address or number of one customer, whole, to somebody who sees them masked: with a reason, on record, and so
 * many times an hour as the company allows. A card number is none of it, since none is ever kept.
 */
export async function revealDetail(ctx: Ctx, customerId: string, { identityId, reason, note }: NewReveal) {
  const by = myself(ctx)
  found(await findCustomer(ctx, customerId), 'customer')
  const isHis = and(eq(identities.id, identityId), eq(identities.customerId, customerId))
  const [row] = await ctx.db
    .select()
    .from(identities)
    .where(and(isHis, ne(identities.kind, 'visitor')))
  const { kind, display, value } = found(row, 'identity')
  if (reason === 'other' && note === '') throw invalid('note_missing', 'Say in words what it is for.')
  await refuseBeyondLimit(ctx, by)
  await ctx.db
    .insert(contactReveals)
    .values({ customerId, identityId, kind, reason, note: maskCardNumbers(note), by, at: ctx.now })
  ctx.audit('customer.revealed', `customer:${customerId}`, [
    kind,
    `identity:${identityId}`,
    `reason:${reason}`,
  ])
  return { identityId, kind, display, value }
}

/** To whom what of him was shown, and why; also what was shown of those merged into him. */
export async function listReveals(ctx: Ctx, customerId: string) {
  found(await findCustomer(ctx, customerId), 'customer')
  const ofHim = inArray(contactReveals.customerId, await familyOf(ctx, customerId))
  const items = await ctx.db
    .select({
      id: contactReveals.id,
      kind: contactReveals.kind,
      reason: contactReveals.reason,
      note: contactReveals.note,
      by: { id: staff.id, name: staff.name },
      at: contactReveals.at,
    })
    .from(contactReveals)
    .innerJoin(staff, eq(staff.id, contactReveals.by))
    .where(ofHim)
    .orderBy(desc(contactReveals.at), desc(contactReveals.id))
    .limit(shownAtMost)
  return { items, count: await ctx.db.$count(contactReveals, ofHim) }
}

/** Under a lock of the person's own, so that a hundred clicks at once are no more than their limit. */
async function refuseBeyondLimit(ctx: Ctx, by: string) {
  await ctx.db.execute(sql`select pg_advisory_xact_lock(${revealLock}, hashtext(${by}))`)
  const { revealsPerHour } = (await findCompany(ctx)) ?? { revealsPerHour: usualRevealsPerHour }
  const recent = await ctx.db
    .select({ at: contactReveals.at })
    .from(contactReveals)
    .where(and(eq(contactReveals.by, by), gt(contactReveals.at, new Date(ctx.now.getTime() - hour))))
    .orderBy(asc(contactReveals.at))
  if (recent.length < revealsPerHour) return
  const freeAt = (recent[recent.length - revealsPerHour]?.at ?? ctx.now).getTime() + hour
  const seconds = Math.max(1, Math.ceil((freeAt - ctx.now.getTime()) / 1_000))
  throw new Refusal(
    429,
    'reveal_limit_reached',
    'You have been shown as many details this hour as the company allows.',
    undefined,
    seconds,
  )
}
