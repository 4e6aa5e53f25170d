import type pg from 'pg'
import type { ActionKinds } from './actions.ts'
import { type AuditAnchor, type AuditNote, intoAudit } from './audit.ts'
import type { Clock } from './clock.ts'
import type { Actor, Ctx } from './context.ts'
import { type Db, inTransaction } from './db.ts'
import type { DiskGuard } from './disk-guard.ts'
import { isCollision } from './errors.ts'
import { type EventRow, type EventType, events } from './events.ts'
import type { FileStore } from './files.ts'
import type { RecordKinds } from './filters/fields.ts'
import { insertTogether, into } from './insert-rows.ts'
import type { Logger } from './log.ts'
import type { Outbound } from './outbound.ts'
import type { Secrets } from './secrets.ts'
import type { TriggerKinds } from './triggers.ts'
import type { VariableSources } from './variables.ts'

export type News = 'events' | 'inbound'

/** Where work runs: one database, one clock, the doors to the outside, and somebody to tell of what was committed. */
export type Workplace = {
  pool: pg.Pool
  db: Db
  clock: Clock
  log: Logger
  secrets: Secrets
  outbound: Outbound
  files: FileStore
  records: RecordKinds
  actions: ActionKinds
  triggers: TriggerKinds
  variables: VariableSources
  /** Refuses what comes in while there is still room to refuse it. */
  disk: Pick<DiskGuard, 'assertRoom'>
  /** What of the audit chain was written down outside the database, on the machine of this process. */
  auditAnchor(): AuditAnchor | null
  /** The public address, without a slash at its end. */
  url: string
  /** Events were committed, or something came in that nobody has understood yet: who follows that looks at once. */
  wake(news?: News): void
  /** Tells all processes something passing on a channel of their own; at most 8,000 bytes, may be lost. */
  shout(channel: string, payload: string): void
}

export type Cause = Pick<EventRow, 'id' | 'depth'>

type EventInsert = typeof events.$inferInsert

/**
 * Runs `work` in one transaction. What it emitted and noted is stored with it, as the last statement before
 * the commit: event ids are taken as late as can be, so readers seldom meet a gap. Two transactions that
 * collide are run again.
 */
export async function transact<T>(
  place: Workplace,
  actor: Actor,
  work: (ctx: Ctx) => Promise<T>,
  cause?: Cause,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      let told = 0
      const result = await inTransaction(place.pool, async db => {
        const { ctx, flush } = openContext(place, db, actor, cause)
        const answer = await work(ctx)
        told = await flush()
        return answer
      })
      if (told > 0) place.wake()
      return result
    } catch (error) {
      if (attempt >= 4 || !isCollision(error)) throw error
    }
  }
}

/** A context that may look but tells nobody: for reads. */
export const lookingContext = (place: Workplace, actor: Actor): Ctx => openContext(place, place.db, actor).ctx

/** A context on a transaction opened elsewhere; `flush` must run before that transaction commits. */
export function openContext(
  { clock, records, actions, triggers, variables }: Workplace,
  db: Db,
  actor: Actor,
  cause?: Cause,
) {
  const now = clock.now()
  const emitted: EventInsert[] = []
  const notes: AuditNote[] = []
  const ctx: Ctx = {
    db,
    actor,
    now,
    records,
    actions,
    triggers,
    variables,
    emit<T>(
      event: EventType<T>,
      payload: NoInfer<T>,
      subject?: { customerId?: string | null; conversationId?: string | null },
    ) {
      emitted.push({
        name: event.name,
        at: now,
        actorKind: actor.kind,
        actorId: actor.id,
        customerId: subject?.customerId ?? null,
        conversationId: subject?.conversationId ?? null,
        payload,
        cause: cause?.id ?? null,
        depth: cause ? cause.depth + 1 : 0,
      })
    },
    audit(action, object, fields = []) {
      notes.push({ action, object, fields })
    },
  }
  const flush = async () => {
    const rows = emitted.splice(0)
    await insertTogether(db, intoAudit(actor, now, notes.splice(0)), into(events, rows))
    return rows.length
  }
  return { ctx, flush }
}

/** Does it whole or not at all: what is thrown out of it leaves no row and no news behind, and is thrown on. */
export async function wholly<T>(ctx: Ctx, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  const news: (() => void)[] = []
  const answer = await ctx.db.transaction(db =>
    work({
      ...ctx,
      db,
      emit: (event, payload, subject) => void news.push(() => ctx.emit(event, payload, subject)),
      audit: (...note) => void news.push(() => ctx.audit(...note)),
    }),
  )
  for (const tell of news) tell()
  return answer
}

/** Does it as in earnest and takes it all back: what the work answers is what would have been. */
export async function inPretence<T>(ctx: Ctx, work: (ctx: Ctx) => Promise<T>): Promise<T> {
  let answer: { value: T } | undefined
  const pretended = new Error('pretended')
  await ctx.db
    .transaction(async db => {
      answer = { value: await work({ ...ctx, db, emit: () => {}, audit: () => {} }) }
      throw pretended
    })
    .catch(error => {
      if (error !== pretended) throw error
    })
  return answer!.value
}
