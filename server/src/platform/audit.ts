import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { sql } from 'drizzle-orm'
import { bigint, index, pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import type pg from 'pg'
import { bytes, id, instant, uuidv7, xid8 } from './columns.ts'
import type { Actor } from './context.ts'
import { type Db, inTransaction } from './db.ts'
import { insertTogether, into } from './insert-rows.ts'

/**
 * Who did what to which object: ids and field names, no contents, so that erasing a person breaks nothing.
 * Rows are written unsealed in the writer's transaction; `n`, `prev_hash` and `hash` follow in batches, so no
 * writer ever waits for the chain. A trigger of the migrations lets nothing but that sealing change a row.
 */
export const auditEntries = pgTable(
  'audit_entries',
  {
    id: id(),
    at: instant().notNull(),
    actorKind: text().notNull(),
    actorId: uuid(),
    action: text().notNull(),
    object: text().notNull(),
    fields: text().array().notNull(),
    xid: xid8().notNull().default(sql`pg_current_xact_id()`),
    n: bigint({ mode: 'number' }),
    prevHash: bytes(),
    hash: bytes(),
  },
  t => [
    uniqueIndex('audit_entries_chain').on(t.n),
    index('audit_entries_by_actor').on(t.actorId, t.id),
    index('audit_entries_by_object').on(t.object, t.id),
    index('audit_entries_unsealed').on(t.xid, t.id).where(sql`n is null`),
  ],
)

export type AuditNote = { action: string; object: string; fields: readonly string[] }

/** The last sealed entry, kept where a database's rights do not reach. */
export type AuditAnchor = { n: number; hash: string }

export type AuditVerdict =
  | { ok: true; entries: number }
  | { ok: false; n: number; fault: 'changed' | 'missing' | 'inserted' | 'truncated' | 'rewritten' }

export const recordAudit = async (db: Db, actor: Actor, now: Date, notes: readonly AuditNote[]) =>
  insertTogether(db, intoAudit(actor, now, notes))

/** For a statement that writes other things too. */
export function intoAudit(actor: Actor, now: Date, notes: readonly AuditNote[]) {
  for (const note of notes) refuseContents(note)
  const by = { at: now, actorKind: actor.kind, actorId: actor.id }
  return into(
    auditEntries,
    notes.map(note => ({ id: uuidv7(), ...by, ...note, fields: [...note.fields] })),
  )
}

/**
 * Chains what has been committed: hₙ = HMAC(key, hₙ₋₁ ‖ entry). Whoever holds the sealer's lock does it; the
 * others answer 0 at once. Only rows below the horizon are taken, so the order (transaction, id) is final.
 */
export async function sealAudit(pool: pg.Pool, key: Buffer): Promise<number> {
  const secret = createSecretKey(key)
  for (let sealed = 0; ; ) {
    const count = await inTransaction(pool, db => sealBatch(db, secret))
    sealed += count
    if (count < batchSize) return sealed
  }
}

/**
 * Recomputes the chain from its beginning and names the first entry that does not hold. Against an anchor it
 * also notices that the end was cut off, or that everything was written anew by somebody who has the key. After
 * a change of the master key give all keys, the current one first; an older one never follows a newer.
 */
export async function verifyAudit(
  pool: pg.Pool,
  keys: readonly Buffer[],
  anchor?: AuditAnchor | null,
): Promise<AuditVerdict> {
  const secrets = keys.map(key => createSecretKey(key))
  let era = keys.length - 1
  let n = 0
  let hash: Buffer = beginning
  for (let after = Number.MIN_SAFE_INTEGER; ; ) {
    const { rows } = await pool.query<SealedEntry>({
      name: 'verify-audit',
      text: pageSql,
      values: [after, pageSize],
    })
    for (const row of rows) {
      n += 1
      if (Number(row.n) !== n) return { ok: false, n, fault: Number(row.n) > n ? 'missing' : 'inserted' }
      while (era > 0 && !chained(secrets[era]!, hash, n, row).equals(row.hash ?? beginning)) era -= 1
      const holds =
        row.prev_hash?.equals(hash) && row.hash && chained(secrets[era]!, hash, n, row).equals(row.hash)
      if (!holds) return { ok: false, n, fault: 'changed' }
      hash = row.hash!
      if (n === anchor?.n && hash.toString('hex') !== anchor.hash) return { ok: false, n, fault: 'rewritten' }
    }
    if (rows.length < pageSize) break
    after = n
  }
  if (anchor && n < anchor.n) return { ok: false, n: n + 1, fault: 'truncated' }
  return { ok: true, entries: n }
}

/**
 * Writes down the chain's end outside the database. It throws when the chain no longer holds the earlier anchor,
 * and leaves that one standing: else the next anchor would cover up what the last one proves.
 */
export async function anchorAudit(pool: pg.Pool, dataDir: string): Promise<AuditAnchor | null> {
  const earlier = readAnchor(dataDir)
  const { rows } = await pool.query<{ n: number | string; hash: Buffer }>(
    `(select n, hash from audit_entries where n = $1)
     union all (select n, hash from audit_entries where n is not null order by n desc limit 1)`,
    [earlier?.n ?? 0],
  )
  const [last] = rows.slice(-1)
  if (
    earlier &&
    !rows.some(row => Number(row.n) === earlier.n && row.hash.toString('hex') === earlier.hash)
  ) {
    throw new Error(`The audit chain no longer holds its anchor at entry ${earlier.n}.`)
  }
  if (!last) return null
  const anchor = { n: Number(last.n), hash: last.hash.toString('hex') }
  const file = anchorFile(dataDir)
  fs.writeFileSync(`${file}.draft`, `${JSON.stringify(anchor)}\n`, { mode: 0o600, flush: true })
  fs.renameSync(`${file}.draft`, file)
  return anchor
}

export function readAnchor(dataDir: string): AuditAnchor | null {
  const file = anchorFile(dataDir)
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : null
}

const batchSize = 1_000
const pageSize = 5_000
const sealerLock = 0x0afa_0003
const beginning = Buffer.alloc(32)

const anchorFile = (dataDir: string) => path.join(dataDir, 'audit-anchor.json')

type Entry = {
  id: string
  at: string
  actor_kind: string
  actor_id: string | null
  action: string
  object: string
  fields: string[]
}
type SealedEntry = Entry & { n: number | string; prev_hash: Buffer | null; hash: Buffer | null }

// The moment as text, so that neither the session's zone nor the driver has a say in what is hashed.
const entryColumns = `id, to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at,
  actor_kind, actor_id, action, object, fields`

const pageSql = `select n, prev_hash, hash, ${entryColumns} from audit_entries where n > $1 order by n limit $2`

async function sealBatch(db: Db, key: KeyObject) {
  const lock = await db.execute<{ mine: boolean }>(
    sql`select pg_try_advisory_xact_lock(${sealerLock}) as mine`,
  )
  if (!lock.rows[0]!.mine) return 0

  // A visible row from a transaction this server has not reached was restored from another one's backup.
  const { rows: entries } = await db.execute<Entry>(sql`
    select ${sql.raw(entryColumns)} from audit_entries
    where n is null and (xid < pg_snapshot_xmin(pg_current_snapshot()) or xid >= pg_snapshot_xmax(pg_current_snapshot()))
    order by xid, id limit ${batchSize}`)
  if (entries.length === 0) return 0

  const end = await db.execute<{ n: number | string; hash: Buffer }>(
    sql`select n, hash from audit_entries where n is not null order by n desc limit 1`,
  )
  let n = Number(end.rows[0]?.n ?? 0)
  let hash: Buffer = end.rows[0]?.hash ?? beginning
  const seals = entries.map(entry => {
    const previous = hash
    n += 1
    hash = chained(key, previous, n, entry)
    return { id: entry.id, n, previous, hash }
  })
  const column = <T>(pick: (seal: (typeof seals)[number]) => T) => sql.param(seals.map(pick))
  await db.execute(sql`
    update audit_entries as entry set n = seal.n, prev_hash = seal.previous, hash = seal.hash
    from unnest(${column(seal => seal.id)}::uuid[], ${column(seal => seal.n)}::bigint[],
      ${column(seal => seal.previous)}::bytea[], ${column(seal => seal.hash)}::bytea[]) as seal (id, n, previous, hash)
    where entry.id = seal.id and entry.n is null`)
  return entries.length
}

const chained = (key: KeyObject, previous: Buffer, n: number, entry: Entry) =>
  createHmac('sha256', key)
    .update(previous)
    .update(
      JSON.stringify([
        n,
        entry.id,
        entry.at,
        entry.actor_kind,
        entry.actor_id,
        entry.action,
        entry.object,
        entry.fields,
      ]),
    )
    .digest()

/** A name, an address or a sentence does not fit these shapes; so none gets in by mistake. */
function refuseContents({ action, object, fields }: AuditNote) {
  const isPlain =
    /^[a-z][a-z0-9_.-]{0,99}$/.test(action) &&
    /^[a-z][a-z0-9_-]{0,49}(:[A-Za-z0-9_.-]{1,100})?$/.test(object) &&
    fields.every(field => /^[A-Za-z][A-Za-z0-9_.:-]{0,99}$/.test(field))
  if (!isPlain) throw new Error('An audit entry holds ids and field names only, such as channel:<id>.')
}
