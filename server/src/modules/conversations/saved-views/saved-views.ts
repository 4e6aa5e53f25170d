import { and, asc, eq, inArray, or, sql } from 'drizzle-orm'
import { type Ctx, can } from '../../../platform/context.ts'
import { conflict, forbidden, found, invalid } from '../../../platform/errors.ts'
import { checkCondition, readCondition } from '../../../platform/filters/conditions.ts'
import { myself } from '../../staff/me.ts'
import { staff, teamMembers, teams } from '../../staff/tables.ts'
import { savedViewsChanged } from '../events.ts'
import type { NewSavedView, SavedView, SavedViewChange } from './schemas.ts'
import { savedViews } from './tables.ts'

/** One's own, those of one's teams and those of everybody, in the order of the rail. */
export async function listSavedViews(ctx: Ctx): Promise<SavedView[]> {
  const rows = await select(ctx)
    .where(visibleTo(ctx))
    .orderBy(asc(savedViews.position), asc(savedViews.name), asc(savedViews.id))
  return rows.map(row => present(ctx, row))
}

export async function getSavedView(ctx: Ctx, id: string): Promise<SavedView> {
  const [row] = await select(ctx).where(and(eq(savedViews.id, id), visibleTo(ctx)))
  return present(ctx, found(row, 'saved_view'))
}

export async function createSavedView(ctx: Ctx, input: NewSavedView): Promise<SavedView> {
  const ownerId = myself(ctx)
  await refuseUnfitScope(ctx, input)
  const condition = checkCondition(conversationKind(ctx), ctx.actor, input.condition)
  const [view] = await ctx.db
    .insert(savedViews)
    .values({ ...input, condition, ownerId, createdAt: ctx.now })
    .returning()
  tell(ctx, 'created', view!.id)
  return getSavedView(ctx, view!.id)
}

export async function changeSavedView(
  ctx: Ctx,
  id: string,
  { expectedVersion, ...change }: SavedViewChange,
): Promise<SavedView> {
  const before = await lockOwn(ctx, id)
  if (expectedVersion !== undefined && expectedVersion !== before.version)
    throw conflict('changed_meanwhile', 'Somebody changed this view meanwhile.', { version: before.version })
  if (change.scope !== undefined || change.teamId !== undefined)
    await refuseUnfitScope(ctx, { scope: before.scope, teamId: before.teamId, ...change })
  const { condition, ...fields } = change
  await ctx.db
    .update(savedViews)
    .set({
      ...fields,
      ...(condition !== undefined && {
        condition: checkCondition(conversationKind(ctx), ctx.actor, condition),
      }),
      version: sql`${savedViews.version} + 1`,
    })
    .where(eq(savedViews.id, id))
  tell(ctx, 'changed', id)
  return getSavedView(ctx, id)
}

export async function deleteSavedView(ctx: Ctx, id: string) {
  await lockOwn(ctx, id)
  await ctx.db.delete(savedViews).where(eq(savedViews.id, id))
  tell(ctx, 'deleted', id)
}

export const conversationKind = (ctx: Ctx) => ctx.records.get('conversation')!

/** Shared ones are changed by who looks after the inbox, whoever made them. */
async function lockOwn(ctx: Ctx, id: string) {
  const [row] = await ctx.db
    .select()
    .from(savedViews)
    .where(and(eq(savedViews.id, id), visibleTo(ctx)))
    .for('update')
  const view = found(row, 'saved_view')
  if (!mayChange(ctx, view))
    throw forbidden('view_is_shared', 'Only who manages the inbox may change this view.')
  return view
}

const mayChange = (ctx: Ctx, { scope, ownerId }: { scope: string; ownerId: string }) =>
  scope === 'personal' ? ownerId === ctx.actor.id : can(ctx.actor, 'conversations:manage')

async function refuseUnfitScope(ctx: Ctx, { scope, teamId }: Pick<NewSavedView, 'scope' | 'teamId'>) {
  if (scope !== 'personal' && !can(ctx.actor, 'conversations:manage'))
    throw forbidden('permission_denied', 'This needs the permission conversations:manage.')
  if ((scope === 'team') !== (teamId !== null))
    throw invalid('scope_mismatch', 'A view of a team names its team, and no other does.')
  if (!teamId) return
  const [team] = await ctx.db.select({ id: teams.id }).from(teams).where(eq(teams.id, teamId))
  if (!team) throw invalid('team_not_found', 'There is no such team.')
}

const visibleTo = (ctx: Ctx) =>
  or(
    eq(savedViews.scope, 'company'),
    and(eq(savedViews.scope, 'personal'), eq(savedViews.ownerId, ctx.actor.id ?? sql`null`)),
    and(
      eq(savedViews.scope, 'team'),
      can(ctx.actor, 'conversations:manage')
        ? undefined
        : inArray(
            savedViews.teamId,
            ctx.db
              .select({ id: teamMembers.teamId })
              .from(teamMembers)
              .where(eq(teamMembers.staffId, ctx.actor.id ?? sql`null`)),
          ),
    ),
  )

const select = (ctx: Ctx) =>
  ctx.db
    .select({ view: savedViews, ownerName: staff.name, teamName: teams.name })
    .from(savedViews)
    .innerJoin(staff, eq(staff.id, savedViews.ownerId))
    .leftJoin(teams, eq(teams.id, savedViews.teamId))
    .$dynamic()

function present(
  ctx: Ctx,
  { view, ownerName, teamName }: Awaited<ReturnType<typeof select>>[number],
): SavedView {
  const { ownerId, teamId, createdAt: _, ...shown } = view
  const { condition, problems } = readCondition(conversationKind(ctx), ctx.actor, view.condition)
  return {
    ...shown,
    condition,
    problems,
    team: teamId ? { id: teamId, name: teamName ?? '' } : null,
    owner: { id: ownerId, name: ownerName },
    isMine: mayChange(ctx, view),
  }
}

function tell(ctx: Ctx, what: 'created' | 'changed' | 'deleted', id: string) {
  ctx.emit(savedViewsChanged, { viewId: id })
  ctx.audit(`saved_view.${what}`, `saved_view:${id}`)
}
