import { desc, eq, isNull } from 'drizzle-orm'
import { type AuditVerdict, sealAudit, verifyAudit } from '../../../platform/audit.ts'
import { type Ctx, system } from '../../../platform/context.ts'
import { enqueue, type Job } from '../../../platform/queue.ts'
import { transact, type Workplace } from '../../../platform/work.ts'
import { staff } from '../tables.ts'
import { assertSeesAll, findAuditEntry } from './reading.ts'
import type { AuditVerification } from './schemas.ts'
import { auditVerifications } from './tables.ts'

/** Has the whole chain recomputed by a worker, which has the anchor at hand; who asks meanwhile waits for the same. */
export async function askForVerification(ctx: Ctx): Promise<AuditVerification> {
  assertSeesAll(ctx)
  const running = await findVerification(ctx)
  if (running?.state === 'running') return running
  await ctx.db.insert(auditVerifications).values({
    askedBy: ctx.actor.kind === 'staff' ? ctx.actor.id : null,
    askedAt: ctx.now,
  })
  await enqueue(ctx, verifyTrail.name, {}, { key: verifyTrail.name })
  ctx.audit('audit.verification_asked', 'audit')
  return (await findVerification(ctx))!
}

/** The last one, with the first entry that did not hold. */
export async function findVerification(ctx: Ctx): Promise<AuditVerification | null> {
  assertSeesAll(ctx)
  const [row] = await ctx.db
    .select({ verification: auditVerifications, askedBy: staff.name })
    .from(auditVerifications)
    .leftJoin(staff, eq(staff.id, auditVerifications.askedBy))
    .orderBy(desc(auditVerifications.askedAt), desc(auditVerifications.id))
    .limit(1)
  if (!row) return null
  const { doneAt, fault, faultN } = row.verification
  return {
    ...row.verification,
    state: doneAt === null ? 'running' : fault ? 'faulty' : 'holds',
    askedBy: row.askedBy,
    entry: faultN === null ? null : await findAuditEntry(ctx, faultN),
  }
}

export const verifyTrail: Job = { name: 'staff.verify-audit', run: place => verifyForAll(place) }

/** Answers everybody who waits. What was noted until now is sealed first, so that the verdict is about that too. */
async function verifyForAll(place: Workplace) {
  const keys = place.secrets.keysFor('audit')
  await sealAudit(place.pool, keys[0]!)
  const anchor = place.auditAnchor()
  const verdict = await verifyAudit(place.pool, keys, anchor)
  await transact(place, system, async ctx => {
    await ctx.db
      .update(auditVerifications)
      .set({ ...told(verdict), anchorN: anchor?.n ?? null, doneAt: ctx.now })
      .where(isNull(auditVerifications.doneAt))
    if (verdict.ok) ctx.audit('audit.verified', 'audit')
    else ctx.audit('audit.found_faulty', 'audit', [verdict.fault, `entry:${verdict.n}`])
  })
  if (!verdict.ok) place.log.error({ ...verdict }, 'the audit chain does not hold')
}

/** Of a chain that breaks, what stands before the break was recomputed and held. */
const told = (verdict: AuditVerdict) =>
  verdict.ok
    ? { entries: verdict.entries, fault: null, faultN: null }
    : { entries: verdict.n - 1, fault: verdict.fault, faultN: verdict.n }
