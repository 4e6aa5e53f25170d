import type { JSONWebKeySet } from 'jose'
import type { Workplace } from '../../../platform/work.ts'
import { GiverFailure } from './failures.ts'

/** What a giver says of itself (OpenID Connect Discovery 1.0 §3). */
export type Description = {
  issuer: string
  authorization: string
  token: string
  keys: string
  userinfo: string | null
  /** It names itself in its answers (RFC 9207), so one that does not is not its own. */
  namesItself: boolean
  takesSecretInBody: boolean
  algorithms: string[]
  challenges: string[] | null
}

const minute = 60_000
const keptFor = 10 * minute
/** A token with an unknown key makes us look for new keys, but no oftener than this, whoever sends such tokens. */
const looksForKeysEvery = minute / 2
const timeoutMs = 8_000

type Kept<T> = { at: number; value: T }
type Shelf = { descriptions: Map<string, Kept<Description>>; keys: Map<string, Kept<JSONWebKeySet>> }
const shelves = new WeakMap<Workplace, Shelf>()

/** Kept for ten minutes, unless it is to be asked `anew`. */
export async function describeGiver(
  place: Workplace,
  issuer: string,
  { anew = false } = {},
): Promise<Description> {
  const { descriptions } = shelfOf(place)
  const kept = descriptions.get(issuer)
  const now = place.clock.now().getTime()
  if (!anew && kept && now - kept.at < keptFor) return kept.value
  const said = await fetchJson(place, `${trimmed(issuer)}/.well-known/openid-configuration`)
  const value = readDescription(issuer, said)
  descriptions.set(issuer, { at: now, value })
  return value
}

/** `unknown`: the keys at hand have just failed to explain a token, so the giver may have new ones. */
export async function keysOf(
  place: Workplace,
  { keys: url }: Description,
  { anew = false, unknown = false } = {},
): Promise<JSONWebKeySet> {
  const { keys } = shelfOf(place)
  const kept = keys.get(url)
  const now = place.clock.now().getTime()
  const goodFor = unknown ? looksForKeysEvery : keptFor
  if (!anew && kept && now - kept.at < goodFor) return kept.value
  const said = await fetchJson(place, url)
  if (!Array.isArray(said.keys)) throw new GiverFailure('giver_without_keys')
  const value = { keys: said.keys.filter(key => typeof key === 'object' && key !== null) } as JSONWebKeySet
  keys.set(url, { at: now, value })
  return value
}

function shelfOf(place: Workplace): Shelf {
  const shelf = shelves.get(place) ?? { descriptions: new Map(), keys: new Map() }
  shelves.set(place, shelf)
  return shelf
}

function readDescription(wanted: string, said: Record<string, unknown>): Description {
  const { issuer, authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint } = said
  if (typeof issuer !== 'string') throw new GiverFailure('not_a_giver', 'It names no issuer.')
  if (trimmed(issuer) !== trimmed(wanted)) throw new GiverFailure('issuer_differs', issuer)
  const [authorization, token, keys] = [authorization_endpoint, token_endpoint, jwks_uri].map(asAddress)
  if (!authorization || !token || !keys)
    throw new GiverFailure('not_a_giver', 'It does not say where to sign in, or where its keys are.')
  return {
    ...{ issuer, authorization, token, keys },
    userinfo: asAddress(userinfo_endpoint),
    namesItself: said.authorization_response_iss_parameter_supported === true,
    takesSecretInBody: wordsOf(said.token_endpoint_auth_methods_supported).includes('client_secret_post'),
    algorithms: wordsOf(said.id_token_signing_alg_values_supported),
    challenges: Array.isArray(said.code_challenge_methods_supported)
      ? wordsOf(said.code_challenge_methods_supported)
      : null,
  }
}

export async function fetchJson(
  place: Workplace,
  url: string,
  request: { headers?: Record<string, string> } = {},
): Promise<Record<string, unknown>> {
  const { status, body } = await place.outbound.request({
    ...{ method: 'GET', url, timeoutMs, maxBytes: 300_000 },
    headers: { accept: 'application/json', ...request.headers },
  })
  if (status !== 200)
    throw new GiverFailure(status >= 500 ? 'giver_unreachable' : 'not_a_giver', `HTTP ${status}`)
  return readJson(body)
}

export function readJson(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(body))
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {}
  throw new GiverFailure('not_a_giver', 'It does not answer in JSON.')
}

const trimmed = (address: string) => address.replace(/\/+$/, '')

/** A browser is sent to one of these: nothing but the web will do. */
const asAddress = (value: unknown) =>
  typeof value === 'string' && /^https?:/.test(URL.parse(value)?.protocol ?? '') ? value : null

const wordsOf = (value: unknown) =>
  Array.isArray(value) ? value.filter((word): word is string => typeof word === 'string') : []
