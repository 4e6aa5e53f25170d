import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { EventRow } from '../../platform/events.ts'
import type { Module } from '../../platform/module.ts'
import { type SocketDoor, signal } from '../../platform/realtime.ts'
import { lookingContext, transact, type Workplace } from '../../platform/work.ts'
import { apiKeyActor } from './api-keys.ts'
import { auditRoutes } from './audit/routes.ts'
import { verifyTrail } from './audit/verifying.ts'
import { markLostAway, noteHeartbeat } from './availability.ts'
import { staffAccessChanged, staffDeactivated } from './events.ts'
import { sealedSecret } from './oidc/givers.ts'
import { giverRawRoutes, giverRoutes } from './oidc/routes.ts'
import { assertSameOrigin } from './origin.ts'
import { recoveryRoutes } from './recovery-routes.ts'
import { seedRoles } from './roles.ts'
import { staffRoutes } from './routes.ts'
import { sessionRawRoutes, sessionRoutes } from './session-routes.ts'
import { findSession, forgetOldSessions, sessionActor } from './sessions.ts'
import { teamIdsOf } from './teams.ts'

const namespace = '/staff'

/** Who shows a key or a token means it; only without one does the cookie speak, which the browser adds by itself. */
async function authenticate(place: Workplace, request: FastifyRequest) {
  if (request.headers.authorization) return apiKeyActor(place, request.headers.authorization, request.ip)
  const actor = await sessionActor(place, request.headers)
  if (actor) assertSameOrigin(place, request)
  return actor
}

const staffDoor: SocketDoor = {
  namespace,
  async admit(place, { headers }) {
    const session = await findSession(place, headers)
    if (!session) return null
    const { id, actor, storeIds } = session
    const stores = storeIds?.map(storeId => `store:${storeId}`) ?? ['store:all']
    const teams = (await teamIdsOf(lookingContext(place, actor), actor.id)).map(teamId => `team:${teamId}`)
    return { actor, rooms: ['staff', `staff:${actor.id}`, `session:${id}`, ...teams, ...stores] }
  },
  tells: ({ id, name, actorId, conversationId, customerId, payload }) => ({
    ...idsIn(payload),
    id,
    name,
    byId: actorId,
    conversationId,
    customerId,
  }),
  shutsOut({ name, payload }) {
    if (name !== staffAccessChanged.name && name !== staffDeactivated.name) return null
    const { staffId, sessionId } = payload as { staffId: string; sessionId?: string }
    return sessionId ? `session:${sessionId}` : `staff:${staffId}`
  },
}

const heartbeat = signal({
  namespace,
  name: 'heartbeat',
  body: z.unknown(),
  run: (place, { actor }) => transact(place, actor, ctx => noteHeartbeat(ctx, actor.id!)),
})

/** Ids, places in a thread, of what kind it is, and nothing that a person wrote. */
function idsIn(payload: EventRow['payload']) {
  const told = Object.entries(payload as object).filter(
    ([key, value]) => key === 'seq' || (/^kind$|Id$/.test(key) && typeof value === 'string'),
  )
  return Object.fromEntries(told)
}

export const staffModule: Module = {
  name: 'staff',
  permissions: [
    { code: 'staff:read', zh: '查看同事', en: 'See colleagues' },
    { code: 'staff:manage', zh: '管理同事、角色和密钥', en: 'Manage colleagues, roles and keys' },
    { code: 'sign-in:manage', zh: '查看与测试单点登录', en: 'See and try single sign-on' },
    { code: 'audit:read', zh: '查看审计记录', en: 'Read the audit trail' },
  ],
  prepare: seedRoles,
  routes: [...sessionRoutes, ...recoveryRoutes, ...staffRoutes, ...auditRoutes, ...giverRoutes],
  rawRoutes: [...sessionRawRoutes, ...giverRawRoutes],
  authenticate,
  sealed: [{ table: 'auth_two_factors', key: 'user_id', column: 'secret_sealed' }, sealedSecret],
  jobs: [verifyTrail],
  sockets: [staffDoor],
  signals: [heartbeat],
  sweeps: [
    { name: 'staff.away-on-lost-heartbeat', graceSeconds: 60, run: markLostAway },
    { name: 'staff.forget-old-sessions', everySeconds: 600, run: forgetOldSessions },
  ],
}
