import { and, asc, eq, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/pg-core'
import type { Ctx } from '../../../platform/context.ts'
import { conflict, found, invalid } from '../../../platform/errors.ts'
import { findCompany } from '../../settings/company.ts'
import {
  aboutOf,
  type ConversationRow,
  lockConversation,
  refuseStale,
  setFields,
  subjectOf,
} from '../conversations.ts'
import { contactReasonsChanged, conversationChanged } from '../events.ts'
import type { ContactReasonChange, GivenReason, NewContactReason } from './schemas.ts'
import seeded from './seeded.json' with { type: 'json' }
import { type automations, contactReasons } from './tables.ts'

/** Groups first, then their reasons, each in the company's order. */
export const listContactReasons = async (ctx: Ctx) => ({
  items: await ctx.db
    .select()
    .from(contactReasons)
    .orderBy(sql`group_code is not null`, asc(contactReasons.position), asc(contactReasons.code)),
})

export async function createContactReason(ctx: Ctx, input: NewContactReason) {
  const groupCode = groupOf(input.code)
  if (groupCode) await refuseUnknownGroup(ctx, groupCode)
  const [reason] = await ctx.db
    .insert(contactReasons)
    .values({ ...input, groupCode })
    .onConflictDoNothing()
    .returning()
  if (!reason) throw conflict('reason_exists', 'There is a contact reason of this code.')
  tell(ctx, 'created', input.code)
  return reason
}

export async function changeContactReason(ctx: Ctx, code: string, fields: ContactReasonChange) {
  const changed = Object.keys(fields)
  const is = eq(contactReasons.code, code)
  const [reason] =
    changed.length > 0
      ? await ctx.db.update(contactReasons).set(fields).where(is).returning()
      : await ctx.db.select().from(contactReasons).where(is)
  const after = found(reason, 'contact_reason')
  if (changed.length > 0) tell(ctx, 'changed', code, changed)
  return after
}

/** Only what nobody ever gave and the house did not bring: reports of years past still name the others. */
export async function deleteContactReason(ctx: Ctx, code: string) {
  const [row] = await ctx.db.select().from(contactReasons).where(eq(contactReasons.code, code)).for('update')
  found(row, 'contact_reason')
  if (housesOwn.has(code))
    throw conflict('reason_of_the_house', 'This reason came with the house; deactivate it instead.')
  const { rows } = await ctx.db.execute(sql`
    select 1 from conversations where reason = ${code} or reason_at_open = ${code}
    union all select 1 from contact_reasons where group_code = ${code} limit 1`)
  if (rows.length > 0) throw conflict('reason_in_use', 'This reason is in use; deactivate it instead.')
  await ctx.db.delete(contactReasons).where(eq(contactReasons.code, code))
  tell(ctx, 'deleted', code)
}

/** The first reason somebody gives is kept as what it was at the opening; later ones are what it is now. */
export async function setReason(ctx: Ctx, id: string, { reason, expectedVersion }: GivenReason) {
  const before = await lockConversation(ctx, id)
  refuseStale(ctx, before, expectedVersion)
  if (reason === before.reason) return
  await refuseUnknownReason(ctx, reason)
  await setFields(ctx, id, { reason, reasonAtOpen: before.reasonAtOpen ?? reason })
  ctx.emit(conversationChanged, { ...aboutOf(before), fields: ['reason'] }, subjectOf(before))
  ctx.audit('conversation.changed', `conversation:${id}`, ['reason'])
}

/** Where the company asks for a reason, people and programs give one before they resolve; the house itself need not. */
export async function refuseWithoutReason(ctx: Ctx, { reason }: Pick<ConversationRow, 'reason'>) {
  if (reason || ctx.actor.kind === 'system') return
  const company = await findCompany(ctx)
  if (company?.requiresReason)
    throw invalid('reason_required', 'Say why the customer wrote before this is resolved.')
}

/** What a new house starts with; repeated at every start without effect, also once it was changed. */
export async function seedContactReasons(ctx: Ctx) {
  const rows = [
    ...seeded.groups.map((group, n) => ({ ...group, position: n * 10 })),
    ...seeded.reasons.map((reason, n) => ({
      ...reason,
      automation: reason.automation as (typeof automations)[number],
      position: n * 10,
    })),
  ]
  await ctx.db.insert(contactReasons).values(rows).onConflictDoNothing()
}

const housesOwn = new Set([...seeded.groups, ...seeded.reasons].map(({ code }) => code))

const groupOf = (code: string) => (code.includes('.') ? code.split('.')[0]! : null)

async function refuseUnknownGroup(ctx: Ctx, code: string) {
  const [group] = await ctx.db
    .select()
    .from(contactReasons)
    .where(eq(contactReasons.code, code))
    .for('key share')
  if (!group) throw invalid('reason_group_unknown', 'There is no such group of contact reasons.')
}

const groups = alias(contactReasons, 'groups')

/** Holds the row until the commit, so that nobody deletes the reason in the same moment. */
async function refuseUnknownReason(ctx: Ctx, code: string) {
  const [known] = await ctx.db
    .select({ code: contactReasons.code })
    .from(contactReasons)
    .innerJoin(groups, eq(groups.code, contactReasons.groupCode))
    .where(and(eq(contactReasons.code, code), eq(contactReasons.isActive, true), eq(groups.isActive, true)))
    .for('key share', { of: contactReasons })
  if (!known) throw invalid('unknown_reason', 'There is no such contact reason, or it is not in use.')
}

function tell(ctx: Ctx, what: 'created' | 'changed' | 'deleted', code: string, fields?: string[]) {
  ctx.emit(contactReasonsChanged, { code })
  ctx.audit(`contact_reason.${what}`, `contact_reason:${code}`, fields)
}
