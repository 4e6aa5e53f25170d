import { createLocalJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'
import { isSameText } from '../../../platform/secrets.ts'
import type { Workplace } from '../../../platform/work.ts'
import { type Description, fetchJson, keysOf, readJson } from './description.ts'
import { GiverFailure } from './failures.ts'

export type Client = { id: string; secret: string | null; redirectUri: string }
export type Claims = JWTPayload & { sub: string }

/** Signatures only a holder of the giver's private key can make: neither `none` nor one by a shared secret. */
export const algorithms = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
]
const skewSeconds = 120
const oldestSeconds = 600

/** Changes the code for tokens (RFC 6749 §4.1.3, with the verifier of RFC 7636), and answers what they say. */
export async function askWhoItIs(
  place: Workplace,
  description: Description,
  client: Client,
  { code, verifier, nonce }: { code: string; verifier: string; nonce: string },
): Promise<Claims> {
  const { status, said } = await askForTokens(place, description, client, { code, verifier })
  if (status !== 200) throw refused(status, said)
  if (typeof said.id_token !== 'string') throw new GiverFailure('giver_not_believed', 'There is no ID token.')
  const claims = await readIdToken(place, description, client.id, said.id_token, nonce)
  if (claims.email !== undefined || !description.userinfo || typeof said.access_token !== 'string')
    return claims
  const more = await fetchJson(place, description.userinfo, {
    headers: { authorization: `Bearer ${said.access_token}` },
  })
  if (more.sub !== claims.sub) throw new GiverFailure('giver_not_believed', 'It speaks of somebody else.')
  return { ...more, ...claims }
}

export async function askForTokens(
  place: Workplace,
  description: Description,
  { id, secret, redirectUri }: Client,
  { code, verifier }: { code: string; verifier: string },
) {
  const inBody = secret !== null && description.takesSecretInBody
  const basic = secret !== null && !inBody
  const encoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  const { status, body } = await place.outbound.request({
    method: 'POST',
    url: description.token,
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      accept: 'application/json',
      ...(basic && { authorization: `Basic ${btoa(`${encoded(id)}:${encoded(secret)}`)}` }),
    },
    body: new URLSearchParams({
      ...{ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier },
      ...(!basic && { client_id: id }),
      ...(inBody && { client_secret: secret }),
    }).toString(),
    timeoutMs: 8_000,
    maxBytes: 300_000,
  })
  return { status, said: readJson(body) }
}

/**
 * What an ID token says, when it is from this giver, for us, of now and of this very trip (OpenID Connect Core 1.0
 * §3.1.3.7). A key we do not know yet may be a new one of the giver's.
 */
export async function readIdToken(
  place: Workplace,
  description: Description,
  clientId: string,
  token: string,
  nonce: string,
): Promise<Claims> {
  const verify = async (unknown: boolean) =>
    jwtVerify(token, createLocalJWKSet(await keysOf(place, description, { unknown })), {
      algorithms,
      issuer: description.issuer,
      audience: clientId,
      currentDate: place.clock.now(),
      clockTolerance: skewSeconds,
      maxTokenAge: oldestSeconds,
      requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
    })
  const { payload } = await verify(false)
    .catch(error => {
      if (mayBeNewKey(error)) return verify(true)
      throw error
    })
    .catch(error => {
      throw error instanceof errors.JOSEError
        ? new GiverFailure('giver_not_believed', `${error.code}: ${error.message}`, error)
        : error
    })
  if (typeof payload.nonce !== 'string' || !isSameText(nonce, payload.nonce))
    throw new GiverFailure('giver_not_believed', 'The nonce is of another sign-in.')
  const isForMany = Array.isArray(payload.aud) && payload.aud.length > 1
  if ((isForMany || payload.azp !== undefined) && payload.azp !== clientId)
    throw new GiverFailure('giver_not_believed', 'It was given to another client.')
  return payload as Claims
}

const mayBeNewKey = (error: unknown) =>
  error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWSSignatureVerificationFailed

/** `invalid_grant` is the trip's fault, a code used twice say; all else is that of the settings. */
function refused(status: number, { error, error_description: why }: Record<string, unknown>) {
  const words = [error, why].filter(word => typeof word === 'string').join(': ') || `HTTP ${status}`
  if (error === 'invalid_grant') return new GiverFailure('giver_trip_over', words)
  return new GiverFailure(status >= 500 ? 'giver_unreachable' : 'giver_refuses_us', words)
}
