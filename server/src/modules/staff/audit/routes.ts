import { pageOf, type Route, route } from '../../../platform/route.ts'
import { listAudit } from './reading.ts'
import { AuditEntry, AuditFilter, AuditVerification } from './schemas.ts'
import { askForVerification, findVerification } from './verifying.ts'

const read = 'audit:read'

export const auditRoutes: Route[] = [
  route({
    method: 'GET',
    url: '/audit',
    summary: 'List who did what to which object, the newest first',
    description: 'Only for who sees every store and every conversation: the trail is the whole company’s.',
    permission: read,
    query: AuditFilter,
    returns: pageOf(AuditEntry),
    run: (ctx, { query }) => listAudit(ctx, query),
  }),
  route({
    method: 'GET',
    url: '/audit/verification',
    summary: 'Show what came of the last verification of the audit chain',
    permission: read,
    returns: AuditVerification.nullable(),
    run: ctx => findVerification(ctx),
  }),
  route({
    method: 'POST',
    url: '/audit/verification',
    summary: 'Have the audit chain recomputed and held against its anchor',
    permission: read,
    limit: { per: 'actor', count: 10, seconds: 60 },
    returns: AuditVerification,
    status: 202,
    run: ctx => askForVerification(ctx),
  }),
]
