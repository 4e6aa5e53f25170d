import { sealedColumns } from './modules/index.ts'
import { readAnchor, verifyAudit } from './platform/audit.ts'
import type { Database } from './platform/database.ts'
import { freeSpace } from './platform/disk-guard.ts'
import { countStale } from './platform/resealing.ts'
import type { Workplace } from './platform/work.ts'

type Finding = { name: string; ok: boolean; says: string }

/** Looks over what Afar needs and says in words what is wrong; answers the exit code. */
export async function doctor(place: Workplace, _args: string[], { dataDir }: Database): Promise<number> {
  const findings = [
    await database(place),
    await writes(place),
    await trigrams(place),
    await parked(place),
    await sealing(place),
    await audit(place, dataDir),
    await disk(dataDir),
  ]
  for (const { name, ok, says } of findings) console.log(`${ok ? 'ok  ' : 'BAD '} ${name.padEnd(12)} ${says}`)
  return findings.every(finding => finding.ok) ? 0 : 1
}

async function database({ pool }: Workplace): Promise<Finding> {
  const { rows } = await pool.query(
    "select current_setting('server_version_num')::int as version, current_setting('server_version') as name, current_setting('synchronous_commit') as sync",
  )
  const [{ version, name, sync }] = rows
  if (version < 150_000)
    return { name: 'database', ok: false, says: `PostgreSQL ${name} is too old; 15 or later is needed.` }
  if (sync === 'off')
    return {
      name: 'database',
      ok: false,
      says: 'synchronous_commit is off: what Afar acknowledges could be lost. Switch it on.',
    }
  return { name: 'database', ok: true, says: `PostgreSQL ${name}` }
}

async function writes({ pool }: Workplace): Promise<Finding> {
  const started = performance.now()
  await pool.query(
    "insert into reaction_cursors (name, position) values ('doctor', 1) on conflict (name) do update set position = reaction_cursors.position + 1",
  )
  return {
    name: 'writing',
    ok: true,
    says: `one durable write in ${(performance.now() - started).toFixed(1)} ms`,
  }
}

async function trigrams({ pool }: Workplace): Promise<Finding> {
  const { rowCount } = await pool.query("select 1 from pg_extension where extname = 'pg_trgm'")
  return rowCount
    ? { name: 'search', ok: true, says: 'pg_trgm is there' }
    : { name: 'search', ok: false, says: 'The extension pg_trgm is missing: run `create extension pg_trgm`.' }
}

async function parked({ pool }: Workplace): Promise<Finding> {
  const { rows } =
    await pool.query(`select (select count(*) from inbound where state = 'parked')::int as inbound, (select count(*) from reaction_failures where parked_at is not null)::int as reactions,
    (select count(*) from deliveries where state = 'dead')::int as deliveries`)
  const [{ inbound, reactions, deliveries }] = rows
  const ok = inbound + reactions + deliveries === 0
  return {
    name: 'set aside',
    ok,
    says: ok
      ? 'nothing'
      : `${inbound} inbound items, ${reactions} reactions and ${deliveries} deliveries wait for a person.`,
  }
}

async function sealing(place: Workplace): Promise<Finding> {
  const { stale, lost } = await countStale(place, sealedColumns)
  if (lost > 0)
    return {
      name: 'secrets',
      ok: false,
      says: `${lost} sealed values open with no secret given here: add the one they were sealed under to AFAR_SECRET_OLD.`,
    }
  return {
    name: 'secrets',
    ok: stale === 0,
    says:
      stale === 0
        ? 'everything is sealed under AFAR_SECRET'
        : `${stale} values are still sealed under AFAR_SECRET_OLD; a running worker seals them anew within a minute.`,
  }
}

async function audit({ pool, secrets }: Workplace, dataDir: string): Promise<Finding> {
  const verdict = await verifyAudit(pool, secrets.keysFor('audit'), readAnchor(dataDir))
  if (verdict.ok) return { name: 'audit', ok: true, says: 'the chain is whole' }
  const isOffItsAnchor = verdict.fault === 'truncated' || verdict.fault === 'rewritten'
  return {
    name: 'audit',
    ok: false,
    says: isOffItsAnchor
      ? `The log does not hold what audit-anchor.json proves of it, from entry ${verdict.n} on: an older backup was restored (see SECURITY.md), or somebody changed the audit log.`
      : `The chain breaks at entry ${verdict.n}: somebody changed the audit log, or an earlier secret is missing from AFAR_SECRET_OLD.`,
  }
}

async function disk(dataDir: string): Promise<Finding> {
  const { freeBytes, totalBytes } = await freeSpace(dataDir)
  const percent = Math.round((freeBytes / totalBytes) * 100)
  return {
    name: 'disk',
    ok: percent >= 10 || freeBytes > 20e9,
    says: `${(freeBytes / 1e9).toFixed(1)} GB free (${percent} %)`,
  }
}
