import { sql } from 'drizzle-orm'
import { type Runner, run, runMigrations, type TaskList, Logger as WorkerLogger } from 'graphile-worker'
import type pg from 'pg'
import type { Ctx } from './context.ts'
import type { Logger } from './log.ts'
import type { Workplace } from './work.ts'

/**
 * Work for later in the same second: sends, imports, exports. What waits longer is a row with a due column
 * (sweeps.ts); order never rests on this queue. A job runs at least once and must bear repetition.
 */
export type Job = {
  name: string
  run: (place: Workplace, payload: never) => Promise<void>
  attempts?: number
}

/** Puts a job on the queue in the caller's transaction; `key` makes repetitions one. */
export const enqueue = (
  ctx: Pick<Ctx, 'db'>,
  name: string,
  payload: unknown,
  { key, runAt, attempts = 8 }: { key?: string; runAt?: Date; attempts?: number } = {},
) =>
  ctx.db.execute(
    sql`select graphile_worker.add_job(${name}, ${JSON.stringify(payload)}::json, job_key => ${key ?? null}, run_at => ${runAt ?? null}, max_attempts => ${attempts})`,
  )

export const migrateQueue = (pool: pg.Pool) => runMigrations({ pgPool: pool })

export async function startQueue(place: Workplace, jobs: readonly Job[]): Promise<Pick<Runner, 'stop'>> {
  const taskList: TaskList = Object.fromEntries(
    jobs.map(job => [job.name, payload => job.run(place, payload as never)]),
  )
  return run({
    pgPool: place.pool,
    taskList,
    concurrency: 4,
    pollInterval: 2_000,
    noHandleSignals: true,
    logger: quiet(place.log),
  })
}

const quiet = (log: Logger) =>
  new WorkerLogger(() => (level, message) => {
    if (level === 'error') log.warn({ queue: message }, 'a job failed')
  })
