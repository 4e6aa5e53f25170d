import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import type { Worker } from '../../../platform/module.ts'
import type { Workplace } from '../../../platform/work.ts'
import { type Keeper, keepMailbox, type Timing } from './keeping.ts'

const looksEveryMs = 1_000
/** Renewed when a third is gone, so a process that is merely busy keeps what it has. */
const leaseSeconds = 30

/**
 * Fetches the mail of every active mailbox, each by one process only: who holds the lease by the database's
 * clock. When a process dies its mailboxes are taken over as their leases run out. Should two fetch at once for
 * a moment, the ledger's unique key sees to it that nothing comes twice.
 */
export const startFetching = (place: Workplace, timing: Partial<Timing> = {}): Worker => {
  const me = randomUUID()
  const keepers = new Map<string, Kept>()
  let stopped = false
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | null = null

  async function look() {
    const held = new Map((await holdMailboxes(place, me)).map(mailbox => [mailbox.id, mailbox]))
    if (stopped) return
    for (const [id, kept] of keepers) {
      const now = held.get(id)
      if (now?.settings === kept.mailbox.settings) notice(kept, now)
      else end(id, kept)
    }
    for (const [id, mailbox] of held)
      if (!keepers.has(id)) keepers.set(id, { mailbox, keeper: keepMailbox(place, id, timing) })
  }

  /** Stays in the list until it has really ended, so that no second one begins beside it. */
  function end(id: string, kept: Kept) {
    kept.ending ??= kept.keeper.stop().finally(() => keepers.delete(id))
  }

  return {
    wake() {
      if (stopped || looking || performance.now() - lookedAt < looksEveryMs) return
      lookedAt = performance.now()
      looking = look()
        .catch(error => place.log.warn({ err: error }, 'fetching mail paused'))
        .finally(() => {
          looking = null
        })
    },
    async stop() {
      stopped = true
      await looking
      for (const [id, kept] of keepers) end(id, kept)
      await Promise.all([...keepers.values()].map(kept => kept.ending))
      await giveBack(place, me).catch(() => {})
    },
  }
}

type Held = { id: string; settings: string; fetchAskedAt: number | null; comparisonAskedAt: number | null }
type Kept = { mailbox: Held; keeper: Keeper; ending?: Promise<void> }

function notice(kept: Kept, now: Held) {
  if (now.fetchAskedAt !== kept.mailbox.fetchAskedAt) kept.keeper.look()
  if (now.comparisonAskedAt !== kept.mailbox.comparisonAskedAt) kept.keeper.compare()
  kept.mailbox = now
}

type Found = Held & { isMine: boolean; isFree: boolean; isShort: boolean }

/** Takes and renews leases, and answers which mailboxes are this process's to fetch. */
async function holdMailboxes({ db }: Workplace, me: string): Promise<Held[]> {
  const { rows } = await db.execute<Found>(sql`
    select c.id, c.settings::text as settings, extract(epoch from m.fetch_asked_at)::float8 as "fetchAskedAt",
      extract(epoch from m.comparison_asked_at)::float8 as "comparisonAskedAt",
      coalesce(m.fetcher = ${me} and m.fetcher_until > clock_timestamp(), false) as "isMine",
      coalesce(m.fetcher_until < clock_timestamp(), true) as "isFree",
      coalesce(m.fetcher_until < clock_timestamp() + make_interval(secs => ${(leaseSeconds * 2) / 3}), true) as "isShort"
    from channels c left join mailboxes m on m.channel_id = c.id
    where c.kind = 'mail' and c.active and jsonb_typeof(c.settings -> 'imap') = 'object'`)
  const wanted = rows.filter(row => row.isFree || (row.isMine && row.isShort)).map(row => row.id)
  const taken = new Set(wanted.length > 0 ? await takeLeases(db, me, wanted) : [])
  return rows.filter(row => row.isMine || taken.has(row.id))
}

async function takeLeases(db: Workplace['db'], me: string, ids: readonly string[]): Promise<string[]> {
  const { rows } = await db.execute<{ id: string }>(sql`
    insert into mailboxes (channel_id, fetcher, fetcher_until)
    select id, ${me}, clock_timestamp() + make_interval(secs => ${leaseSeconds}) from unnest(${sql.param(ids)}::uuid[]) as id
    on conflict (channel_id) do update set fetcher = excluded.fetcher, fetcher_until = excluded.fetcher_until
      where mailboxes.fetcher_until is null or mailboxes.fetcher_until < clock_timestamp() or mailboxes.fetcher = ${me}
    returning channel_id as id`)
  return rows.map(row => row.id)
}

const giveBack = ({ db }: Workplace, me: string) =>
  db.execute(sql`update mailboxes set fetcher = null, fetcher_until = null where fetcher = ${me}`)
