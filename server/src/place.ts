import { randomUUID } from 'node:crypto'
import path from 'node:path'
import type { ActionKinds } from './platform/actions.ts'
import { readAnchor } from './platform/audit.ts'
import { type Clock, databaseClock } from './platform/clock.ts'
import { type Connection, openDb, openPool } from './platform/db.ts'
import { openDiskGuard } from './platform/disk-guard.ts'
import { openFiles } from './platform/files.ts'
import type { RecordKinds } from './platform/filters/fields.ts'
import { openLog } from './platform/log.ts'
import { createOutbound } from './platform/outbound.ts'
import type { AllowRule } from './platform/outbound-guard.ts'
import { createSecrets } from './platform/secrets.ts'
import type { TriggerKinds } from './platform/triggers.ts'
import type { VariableSources } from './platform/variables.ts'
import type { News, Workplace } from './platform/work.ts'

export type PlaceOptions = {
  connection: Connection
  /** The master key that seals and signs, then older ones that only open and verify. */
  secrets: readonly string[]
  dataDir: string
  url: string
  logLevel?: string
  outboundAllow?: readonly AllowRule[]
  clock?: Clock
  poolSize?: number
  name?: string
  /** What conditions may ask about; a command asks nothing. */
  records?: RecordKinds
  /** What can be done to records. */
  actions?: ActionKinds
  /** What rules can wait for. */
  triggers?: TriggerKinds
  /** What texts about records may name. */
  variables?: VariableSources
}

export type Place = Workplace & { connection: Connection; me: string; wakes: Record<News, (() => void)[]> }

/** So often at most followers look; what is committed meanwhile they find together. */
const looksEveryMs = 10
const noticesEveryMs = 50

/** Opens what business code works with. Nothing runs yet: a command needs no more, a server adds its followers. */
export function openPlace(options: PlaceOptions): Place {
  const { connection, dataDir, url, clock = databaseClock() } = options
  const log = openLog({ level: options.logLevel ?? 'info' })
  const pool = openPool(connection, { max: options.poolSize ?? 20, name: options.name ?? 'afar' })
  const me = randomUUID()
  const wakes: Place['wakes'] = { events: [], inbound: [] }

  const shout = (channel: string, payload: string) => {
    pool
      .query({ name: 'shout', text: 'select pg_notify($1, $2)', values: [channel, `${me} ${payload}`] })
      .catch(() => {})
  }

  // NOTIFY takes a lock of the whole database at commit, so writers never do it: one notice for many commits.
  const notice = atMostEvery(noticesEveryMs, () => shout('afar_events', ''))

  const wakerOf = (news: News) =>
    atMostEvery(looksEveryMs, () => {
      for (const wake of wakes[news]) wake()
      notice()
    })
  const wakers = { events: wakerOf('events'), inbound: wakerOf('inbound') }

  return {
    connection,
    me,
    wakes,
    pool,
    db: openDb(pool),
    clock,
    log,
    secrets: createSecrets(options.secrets),
    outbound: createOutbound({
      allow: options.outboundAllow ?? [],
      onAllowed: rule =>
        log.warn({ rule }, 'the operator’s list lets a request to a private address through'),
    }),
    files: openFiles(path.join(dataDir, 'files')),
    disk: openDiskGuard({ dir: dataDir }),
    records: options.records ?? new Map(),
    actions: options.actions ?? new Map(),
    auditAnchor: () => readAnchor(dataDir),
    triggers: options.triggers ?? new Map(),
    variables: options.variables ?? new Map(),
    url,
    shout,
    wake: (news = 'events') => wakers[news](),
  }
}

/** The first call acts at once; calls that follow too soon become one, when the time is over. */
function atMostEvery(ms: number, act: () => void) {
  let isResting = false
  let isAsked = false
  return function ask() {
    isAsked = isResting
    if (isResting) return
    isResting = true
    setTimeout(() => {
      isResting = false
      if (isAsked) ask()
    }, ms).unref()
    act()
  }
}
