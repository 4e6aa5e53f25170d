import { createHash } from 'node:crypto'
import { and, eq, gt, lte } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { hashToken, newToken, type Secrets } from '../../../platform/secrets.ts'
import type { Description } from './description.ts'
import { GiverFailure } from './failures.ts'
import { giverTrips } from './tables.ts'
import type { Client } from './tokens.ts'

const minutesToReturn = 10
export const tripSeconds = minutesToReturn * 60

/**
 * Where to send a browser that is to sign in. The state is good once, for ten minutes and in this browser, which
 * `browser` is the cookie of; only hashes are kept. Nonce and verifier (PKCE) are made from the state with our key.
 */
export async function beginTrip(
  ctx: Ctx,
  secrets: Secrets,
  description: Description,
  client: Client,
  { giverId, next }: { giverId: string; next: string },
) {
  const [state, browser] = [newToken(), newToken()]
  await ctx.db.insert(giverTrips).values({
    ...{ stateHash: hashToken(state), browserHash: hashToken(browser), giverId, next },
    expiresAt: new Date(ctx.now.getTime() + minutesToReturn * 60_000),
  })
  const { nonce, verifier } = madeFrom(secrets, state)
  const url = new URL(description.authorization)
  const question = {
    ...{ response_type: 'code', client_id: client.id, redirect_uri: client.redirectUri },
    ...{ scope: 'openid email profile', state, nonce },
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(question)) url.searchParams.set(name, value)
  return { url: url.href, browser }
}

/** Gone once it is asked for, whatever comes of it; in another browser than the one that began it there is none. */
export async function claimTrip(ctx: Ctx, state: string, browser: string) {
  const [trip] = await ctx.db
    .delete(giverTrips)
    .where(
      and(
        eq(giverTrips.stateHash, hashToken(state)),
        eq(giverTrips.browserHash, hashToken(browser)),
        gt(giverTrips.expiresAt, ctx.now),
      ),
    )
    .returning({ giverId: giverTrips.giverId, next: giverTrips.next })
  if (!trip) throw new GiverFailure('giver_trip_over', 'There is no such trip in this browser.')
  return trip
}

export const forgetOldTrips = (ctx: Ctx) =>
  ctx.db.delete(giverTrips).where(lte(giverTrips.expiresAt, ctx.now))

export const madeFrom = (secrets: Secrets, state: string) => ({
  nonce: secrets.sign('giver nonce', state),
  verifier: secrets.sign('giver verifier', state),
})
