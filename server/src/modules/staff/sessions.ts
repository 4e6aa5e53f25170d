import type { IncomingHttpHeaders } from 'node:http'
import { and, eq, gt, lte, ne } from 'drizzle-orm'
import { type Actor, type Ctx, system } from '../../platform/context.ts'
import { hashToken, newToken } from '../../platform/secrets.ts'
import type { Workplace } from '../../platform/work.ts'
import { accountsOf } from './accounts.ts'
import { readCookie } from './cookies.ts'
import { staffAccessChanged } from './events.ts'
import { forgetOldTrips } from './oidc/trips.ts'
import { authSessions, authVerifications, type Reach } from './tables.ts'

const minute = 60_000
const hour = 60 * minute
/** Unused for so long, or begun so long ago, a session is over (OWASP ASVS 5.0 §7.3). */
const idleLimit = 12 * hour
export const sessionLimit = 7 * 24 * hour
const useIsNotedEvery = 5 * minute

export const sessionCookie = 'afar.session'

export type Browser = { ip: string; userAgent: string | undefined }
export type Session = {
  id: string
  actor: Actor & { id: string }
  storeIds: string[] | null
}

type SessionRow = {
  sessionId: string
  usedAt: Date
  staffId: string
  name: string
  storeIds: string[] | null
  permissions: string[]
  reach: Reach
  teamIds: string[]
}

/** The colleague behind the session cookie; null where there is none, it is over, or he was deactivated. */
export async function findSession(place: Workplace, headers: IncomingHttpHeaders): Promise<Session | null> {
  const token = readCookie(headers, sessionCookie)
  if (!token) return null
  const now = place.clock.now()
  const values = [hashToken(token), now, new Date(now.getTime() - idleLimit)]
  const { rows } = await place.pool.query<SessionRow>({ name: 'find-session', text: findSql, values })
  const [row] = rows
  if (!row) return null
  if (now.getTime() - row.usedAt.getTime() > useIsNotedEvery) await noteUse(place, row.sessionId, now)
  return {
    id: row.sessionId,
    actor: {
      kind: 'staff',
      id: row.staffId,
      name: row.name,
      permissions: permissionsOf(row.permissions),
      storeIds: row.storeIds ?? 'all',
      ...teamsSeen(row),
    },
    storeIds: row.storeIds,
  }
}

/** For who was proved to be himself elsewhere: the tests, and later single sign-on. */
export const signInAs = (ctx: Ctx, staffId: string) =>
  startSession(ctx, staffId, { ip: '', userAgent: undefined })

export const sessionActor = async (place: Workplace, headers: IncomingHttpHeaders): Promise<Actor | null> =>
  (await findSession(place, headers))?.actor ?? null

const findSql = `select s.id as "sessionId", s.updated_at as "usedAt", p.id as "staffId", p.name, p.store_ids as "storeIds",
  r.permissions, r.reach, case r.reach when 'teams' then
    array(select m.team_id from team_members m where m.staff_id = p.id order by 1) else '{}' end as "teamIds"
  from auth_sessions s join staff p on p.id = s.user_id join roles r on r.id = p.role_id
  where s.token = $1 and s.expires_at > $2 and s.updated_at > $3 and p.deactivated_at is null`

const noteUse = (place: Workplace, id: string, now: Date) =>
  place.db.update(authSessions).set({ updatedAt: now }).where(eq(authSessions.id, id))

export const permissionsOf = (permissions: readonly string[]): ReadonlySet<string> =>
  permissions.includes('*') ? system.permissions : new Set(permissions)

/** Whose conversations he sees besides his own, where his role does not show him all. */
export const teamsSeen = ({ reach, teamIds }: { reach: Reach; teamIds: string[] }) =>
  reach === 'stores' ? {} : { teamIds: reach === 'teams' ? teamIds : [] }

/** Answers the token for the cookie; only its hash is kept. */
export async function startSession(ctx: Ctx, staffId: string, { ip, userAgent }: Browser) {
  const { accounts } = await accountsOf(ctx)
  const token = newToken()
  const session = {
    token: hashToken(token),
    createdAt: ctx.now,
    updatedAt: ctx.now,
    expiresAt: new Date(ctx.now.getTime() + sessionLimit),
    ipAddress: ip,
    userAgent: userAgent?.slice(0, 300) ?? null,
  }
  await accounts.createSession(staffId, false, session, true)
  return token
}

/**
 * Ends every other session of a colleague and gives this one a new token, so that what was known of them is
 * worth nothing: for a change of what he proves himself with.
 */
export async function keepOneSession(ctx: Ctx, staffId: string, kept: string) {
  const token = newToken()
  await ctx.db
    .delete(authSessions)
    .where(and(eq(authSessions.userId, staffId), ne(authSessions.token, hashToken(kept))))
  await ctx.db.delete(authVerifications).where(eq(authVerifications.value, staffId))
  await ctx.db
    .update(authSessions)
    .set({ token: hashToken(token), updatedAt: ctx.now })
    .where(eq(authSessions.token, hashToken(kept)))
  ctx.emit(staffAccessChanged, { staffId })
  return token
}

export async function endSession(ctx: Ctx, token: string) {
  const [ended] = await ctx.db
    .delete(authSessions)
    .where(eq(authSessions.token, hashToken(token)))
    .returning({ id: authSessions.id, staffId: authSessions.userId })
  if (ended) ctx.emit(staffAccessChanged, { staffId: ended.staffId, sessionId: ended.id })
  return ended
}

/** Every session of a colleague, and every sign-in of his that waits for its second factor. */
export async function endSessionsOf(ctx: Ctx, staffId: string) {
  const { accounts } = await accountsOf(ctx)
  await accounts.deleteUserSessions(staffId)
  await ctx.db.delete(authVerifications).where(eq(authVerifications.value, staffId))
  ctx.emit(staffAccessChanged, { staffId })
}

export async function hasSession(ctx: Ctx, staffId: string) {
  const alive = and(
    eq(authSessions.userId, staffId),
    gt(authSessions.expiresAt, ctx.now),
    gt(authSessions.updatedAt, new Date(ctx.now.getTime() - idleLimit)),
  )
  return (await ctx.db.$count(authSessions, alive)) > 0
}

export async function forgetOldSessions(ctx: Ctx) {
  await ctx.db.delete(authSessions).where(lte(authSessions.expiresAt, ctx.now))
  await ctx.db.delete(authVerifications).where(lte(authVerifications.expiresAt, ctx.now))
  await forgetOldTrips(ctx)
}
