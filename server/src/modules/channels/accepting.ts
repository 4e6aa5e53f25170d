import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { isDatabaseAway, unavailable } from '../../platform/errors.ts'
import type { StoredContent } from '../../platform/file-store.ts'
import type { Workplace } from '../../platform/work.ts'
import { laneOf } from './ledger.ts'
import type { Traffic } from './tables.ts'

export type Arrival = {
  externalId: string
  line: string
  raw: Buffer
  /** Where the bytes lie when they are many; `raw` is empty then. */
  rawFile?: StoredContent
  headers: Record<string, string>
  /** Live, unless told otherwise. */
  traffic?: Traffic
}
export type Acceptance = 'new' | 'repeated'

/**
 * Keeps what came in. When it answers, the bytes are on disk and may be acknowledged; `repeated` means they
 * were there before. Whatever arrives while rows are being stored, or just after, is stored together, in the
 * order it came: one commit for many keeps a small machine able to take thousands a second.
 */
export function acceptInbound(
  place: Workplace,
  channel: { id: string },
  arrival: Arrival,
): Promise<Acceptance> {
  const store = stores.get(place.pool) ?? openStore(place)
  stores.set(place.pool, store)
  return store(channel.id, arrival)
}

const stores = new WeakMap<pg.Pool, ReturnType<typeof openStore>>()
const mostRows = 500
/** Who has come meanwhile waits so much longer for others to share his commit; a lone caller never does. */
const pauseMs = 5
const mostBytes = 4 * 1024 * 1024
const mostBytesWaiting = 64 * 1024 * 1024
const mostRowsWaiting = 20_000

type Waiting = Arrival & {
  channelId: string
  receivedAt: Date
  resolve(answer: Acceptance): void
  reject(error: unknown): void
}

function openStore(place: Workplace) {
  const waiting: Waiting[] = []
  let bytesWaiting = 0
  let isStoring = false

  async function storeAll() {
    while (waiting.length > 0) {
      const lost = await storeBatch(place, takeBatch())
      // Who waits has waited as long as he may; the senders try again.
      if (lost) for (const item of takeAll()) item.reject(lost)
      if (waiting.length > 0 && waiting.length < mostRows) await sleep(pauseMs)
    }
    isStoring = false
  }

  function takeAll() {
    bytesWaiting = 0
    return waiting.splice(0)
  }

  function takeBatch() {
    let bytes = 0
    const first = waiting.findIndex((item, n) => {
      bytes += item.raw.length
      return n > 0 && (n >= mostRows || bytes > mostBytes)
    })
    const batch = waiting.splice(0, first === -1 ? waiting.length : first)
    for (const item of batch) bytesWaiting -= item.raw.length
    return batch
  }

  return (channelId: string, arrival: Arrival) =>
    new Promise<Acceptance>((resolve, reject) => {
      if (waiting.length >= mostRowsWaiting || bytesWaiting + arrival.raw.length > mostBytesWaiting) {
        return reject(unavailable('overloaded', 'More comes in than can be stored; try again.'))
      }
      bytesWaiting += arrival.raw.length
      waiting.push({ ...arrival, channelId, receivedAt: place.clock.now(), resolve, reject })
      if (isStoring) return
      isStoring = true
      setImmediate(storeAll)
    })
}

/**
 * Tells each of the batch what became of it; one that cannot be stored does not take others along. Answers the
 * error when the database is away.
 */
async function storeBatch(place: Workplace, batch: readonly Waiting[]): Promise<unknown> {
  const byKey = Map.groupBy(batch, keyOf)
  const rows = [...byKey.values()].map(same => same[0]!)
  try {
    const fresh = await insert(place.pool, rows)
    for (const [key, [first, ...repeats]] of byKey) {
      first!.resolve(fresh.has(key) ? 'new' : 'repeated')
      for (const repeat of repeats) repeat.resolve('repeated')
    }
    if (fresh.size > 0) place.wake('inbound')
    return undefined
  } catch (error) {
    const isAway = isDatabaseAway(error)
    if (isAway || rows.length === 1) {
      for (const item of batch) item.reject(error)
      return isAway ? error : undefined
    }
  }
  let lost: unknown
  for (const same of byKey.values()) {
    if (lost) for (const item of same) item.reject(lost)
    else lost = await storeBatch(place, same)
  }
  return lost
}

const keyOf = ({ channelId, externalId }: { channelId: string; externalId: string }) =>
  `${channelId} ${externalId}`

async function insert(pool: pg.Pool, rows: readonly Waiting[]): Promise<Set<string>> {
  const answer = await pool.query<{ channelId: string; externalId: string }>({
    name: 'accept-inbound',
    text: insertSql,
    values: [
      rows.map(row => row.channelId),
      rows.map(row => row.externalId),
      rows.map(row => row.line),
      rows.map(row => laneOf(`${row.channelId} ${row.line}`, row.traffic)),
      rows.map(row => row.raw),
      rows.map(row => (row.rawFile ? JSON.stringify(row.rawFile) : null)),
      rows.map(row => JSON.stringify(row.headers)),
      rows.map(row => row.receivedAt),
    ],
  })
  return new Set(answer.rows.map(keyOf))
}

const insertSql = `insert into inbound (channel_id, external_id, line, lane, raw, raw_file, headers, received_at)
  select * from unnest($1::uuid[], $2::text[], $3::text[], $4::smallint[], $5::bytea[], $6::jsonb[], $7::jsonb[], $8::timestamptz[])
  on conflict (channel_id, external_id) do nothing
  returning channel_id as "channelId", external_id as "externalId"`
