import type pg from 'pg'
import { notFound, tooMany, unauthorized } from '../../platform/errors.ts'
import { newToken } from '../../platform/secrets.ts'
import type { Workplace } from '../../platform/work.ts'
import { type Acceptance, acceptInbound } from './accepting.ts'
import type { ChannelFacts, Headers } from './adapter.ts'
import { adapterOf } from './adapters.ts'
import type { ApiSettings } from './api-channel.ts'
import { secretsOf } from './channels.ts'

/**
 * Takes one webhook call: genuine or not first, and until that is known nothing is read, written or told. An
 * unknown channel, one without a secret and a forged signature look the same from outside.
 */
export async function receiveWebhook(
  place: Workplace,
  channelId: string,
  headers: Headers,
  raw: Buffer,
): Promise<Acceptance> {
  const { channel, secrets } = await findAccount(place, channelId)
  const isGenuine = adapterOf(channel?.kind ?? 'api').verify(headers, raw, secrets, place.clock.now())
  if (!channel || !isGenuine) throw unauthorized('signature_invalid', 'This is not signed as it should be.')
  if (!channel.active) throw notFound('channel')
  spend(place, channel)
  await place.disk.assertRoom()
  return acceptInbound(place, channel, { ...adapterOf(channel.kind).label(raw), raw, headers: keep(headers) })
}

type Account = { channel?: ChannelFacts & { active: boolean }; secrets: readonly string[] }
type AccountRow = NonNullable<Account['channel']> & {
  secretSealed: string | null
  previousSecretSealed: string | null
}

type Reading = { account: Promise<Account>; isShared: boolean }

/** Calls that come while the same channel is being read share that reading; of a busy channel also those just after. */
function findAccount(place: Workplace, id: string): Promise<Account> {
  const readings = readingsOf.get(place.pool) ?? new Map<string, Reading>()
  readingsOf.set(place.pool, readings)
  const underway = readings.get(id)
  if (underway) {
    underway.isShared = true
    return underway.account
  }
  const reading = { account: readAccount(place, id), isShared: false }
  readings.set(id, reading)
  const forget = () => readings.delete(id)
  reading.account.then(
    () => (reading.isShared || isBusy(place, id) ? setTimeout(forget, burstMs).unref() : forget()),
    forget,
  )
  return reading.account
}

const burstMs = 20
/** Calls within this second: too many for a person who has just changed the channel to wonder which one it was. */
const busyFrom = 50
const readingsOf = new WeakMap<pg.Pool, Map<string, Reading>>()
/** So that as much is computed for a channel without a secret. */
const nobodys = [newToken()]

async function readAccount({ pool, secrets }: Workplace, id: string): Promise<Account> {
  const { rows } = await pool.query<AccountRow>({
    name: 'find-channel-account',
    text: accountSql,
    values: [id],
  })
  const [channel] = rows
  if (!channel) return { secrets: nobodys }
  const own = secretsOf(secrets, channel)
  return { channel, secrets: own.length > 0 ? own : nobodys }
}

const accountSql = `select id, store_id as "storeId", kind, settings, active, secret_sealed as "secretSealed",
  previous_secret_sealed as "previousSecretSealed" from channels where id = $1`

/** Counted here and not in the database, where one row for every call would be the bottleneck it guards against. */
function spend(place: Workplace, { id, settings }: ChannelFacts) {
  const counts = spent.get(place.pool) ?? new Map<string, { second: number; count: number }>()
  spent.set(place.pool, counts)
  const count = spentBy(place, id) + 1
  counts.set(id, { second: thisSecond(), count })
  if (count > (settings as ApiSettings).inboundPerSecond) throw tooMany(1)
}

/** Genuine calls of this second. */
function spentBy({ pool }: Workplace, id: string) {
  const counted = spent.get(pool)?.get(id)
  return counted?.second === thisSecond() ? counted.count : 0
}

const isBusy = (place: Workplace, id: string) => spentBy(place, id) >= busyFrom

const thisSecond = () => Math.floor(performance.now() / 1_000)

const spent = new WeakMap<pg.Pool, Map<string, { second: number; count: number }>>()

const keptHeaders = ['content-type', 'user-agent', 'afar-timestamp']

const keep = (headers: Headers) =>
  Object.fromEntries(
    keptHeaders.flatMap(name =>
      typeof headers[name] === 'string' ? [[name, headers[name].slice(0, 300)]] : [],
    ),
  )
