import { asc, eq, inArray, sql } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { conflict, found, invalid, isUniqueViolation } from '../../platform/errors.ts'
import { staffAccessChanged, staffChanged } from './events.ts'
import type { TeamChange } from './schemas.ts'
import { staff, teamMembers, teams } from './tables.ts'

export const listTeams = (ctx: Ctx) => selectTeams(ctx).orderBy(asc(teams.name))

export async function getTeam(ctx: Ctx, id: string) {
  const [team] = await selectTeams(ctx).where(eq(teams.id, id))
  return found(team, 'team')
}

export async function createTeam(ctx: Ctx, { name, memberIds = [] }: { name: string; memberIds?: string[] }) {
  const [team] = await uniquelyNamed(ctx.db.insert(teams).values({ name }).returning())
  await replaceMembers(ctx, team!.id, memberIds)
  return getTeam(ctx, team!.id)
}

export async function changeTeam(ctx: Ctx, id: string, { name, memberIds }: TeamChange) {
  await getTeam(ctx, id)
  if (name) await uniquelyNamed(ctx.db.update(teams).set({ name }).where(eq(teams.id, id)))
  if (memberIds) await replaceMembers(ctx, id, memberIds)
  return getTeam(ctx, id)
}

export async function deleteTeam(ctx: Ctx, id: string) {
  await getTeam(ctx, id)
  await replaceMembers(ctx, id, [])
  try {
    await ctx.db.delete(teams).where(eq(teams.id, id))
  } catch (error) {
    if (isStillNamed(error)) throw conflict('team_in_use', 'Conversations are still with this team.')
    throw error
  }
}

export async function teamIdsOf(ctx: Ctx, staffId: string) {
  const rows = await ctx.db
    .select({ id: teamMembers.teamId })
    .from(teamMembers)
    .where(eq(teamMembers.staffId, staffId))
  return rows.map(({ id }) => id)
}

/** Puts a colleague into exactly these teams. */
export async function joinTeams(ctx: Ctx, staffId: string, teamIds: readonly string[]) {
  const known =
    teamIds.length === 0
      ? []
      : await ctx.db
          .select({ id: teams.id })
          .from(teams)
          .where(inArray(teams.id, [...teamIds]))
  if (known.length < new Set(teamIds).size)
    throw invalid('unknown_team', 'One of these teams does not exist.')
  await ctx.db.delete(teamMembers).where(eq(teamMembers.staffId, staffId))
  if (known.length > 0)
    await ctx.db.insert(teamMembers).values(known.map(team => ({ teamId: team.id, staffId })))
}

async function replaceMembers(ctx: Ctx, teamId: string, memberIds: readonly string[]) {
  const known =
    memberIds.length === 0
      ? []
      : await ctx.db
          .select({ id: staff.id })
          .from(staff)
          .where(inArray(staff.id, [...memberIds]))
  if (known.length < new Set(memberIds).size)
    throw invalid('unknown_staff', 'One of these colleagues does not exist.')
  const before = await ctx.db.delete(teamMembers).where(eq(teamMembers.teamId, teamId)).returning()
  if (known.length > 0)
    await ctx.db.insert(teamMembers).values(known.map(({ id }) => ({ teamId, staffId: id })))
  const wereIn = new Set(before.map(member => member.staffId))
  const areIn = new Set(known.map(({ id }) => id))
  for (const staffId of new Set([...wereIn, ...areIn])) {
    if (wereIn.has(staffId) && areIn.has(staffId)) continue
    ctx.emit(staffChanged, { staffId })
    ctx.emit(staffAccessChanged, { staffId })
  }
}

const selectTeams = (ctx: Ctx) =>
  ctx.db
    .select({
      id: teams.id,
      name: teams.name,
      memberIds: sql<
        string[]
      >`array(select m.staff_id from team_members m where m.team_id = teams.id order by 1)`,
    })
    .from(teams)

async function uniquelyNamed<T>(writing: Promise<T>) {
  try {
    return await writing
  } catch (error) {
    if (isUniqueViolation(error)) throw conflict('name_taken', 'There is a team of this name already.')
    throw error
  }
}

/** Modules below keep foreign keys to a team; which ones is not for this module to know. */
const isStillNamed = (error: unknown): boolean =>
  error instanceof Error && ((error as { code?: string }).code === '23503' || isStillNamed(error.cause))
