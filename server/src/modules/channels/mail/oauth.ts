import { createHash } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { system } from '../../../platform/context.ts'
import { lookingContext, transact, type Workplace } from '../../../platform/work.ts'
import { changeCredentials, readCredentials } from './credentials.ts'
import { MailFailure } from './failures.ts'
import type { MailAccount } from './login.ts'
import { findGiver, readJson } from './oauth-givers.ts'
import type { Credentials } from './settings.ts'

/** So that a token does not run out on its way. */
const spareMs = 120_000
const renewalLock = 0x0afa_0300

/** A token that is good for a while. Who asks while it is being renewed gets the same one. */
export async function accessTokenOf(place: Workplace, account: MailAccount): Promise<string> {
  const credentials =
    account.credentials ?? (await readCredentials(lookingContext(place, system), place.secrets, account.id))
  const token = lasting(place, credentials)
  if (token) return token
  if (account.credentials) return (await renew(place, account, account.credentials)).accessToken!
  const underway =
    renewals.get(account.id) ?? renewOnce(place, account).finally(() => renewals.delete(account.id))
  renewals.set(account.id, underway)
  return underway
}

/** The server would not have a token that should be good: the next one is asked for anew. */
export const forgetAccessToken = (place: Workplace, channelId: string) =>
  transact(place, system, ctx =>
    changeCredentials(ctx, place.secrets, channelId, { accessToken: null, accessTokenExpiresAt: null }),
  )

/** Asks the giver for tokens, with a code or a token for renewal, and reads what it says. */
export async function askForTokens(
  { outbound, clock }: Pick<Workplace, 'outbound' | 'clock'>,
  { settings, credentials }: { settings: MailAccount['settings']; credentials: Credentials },
  grant: Record<string, string>,
): Promise<{ change: Partial<Credentials>; expireAt: Date | null }> {
  const giver = await findGiver(outbound, settings)
  const secret = credentials.oauthClientSecret
  const { status, body } = await outbound.request({
    method: 'POST',
    url: giver.token,
    headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
    body: new URLSearchParams({
      client_id: settings.oauthClientId,
      ...(secret && { client_secret: secret }),
      ...grant,
    }).toString(),
    maxBytes: 100_000,
  })
  const said = readJson(body)
  if (status !== 200 || typeof said.access_token !== 'string') throw refused(status, said)
  const at = (seconds: unknown) => new Date(clock.now().getTime() + Number(seconds) * 1_000)
  const lastsUntil = Number(said.refresh_token_expires_in) > 0 ? at(said.refresh_token_expires_in) : null
  return {
    change: {
      accessToken: said.access_token,
      accessTokenExpiresAt: at(Number(said.expires_in) || 3_600).toISOString(),
      ...(typeof said.refresh_token === 'string' && { refreshToken: said.refresh_token }),
    },
    expireAt: lastsUntil,
  }
}

const renewals = new Map<string, Promise<string>>()

/**
 * By one process only: givers that change the token for renewal each time take an old one used again for a
 * theft, and end the whole consent.
 */
function renewOnce(place: Workplace, account: MailAccount): Promise<string> {
  const key = createHash('sha256').update(account.id).digest().readInt32BE()
  return transact(place, system, async ctx => {
    await ctx.db.execute(sql`select pg_advisory_xact_lock(${renewalLock}, ${key})`)
    const credentials = await readCredentials(ctx, place.secrets, account.id)
    const renewed = lasting(place, credentials)
    if (renewed) return renewed
    const { accessToken, expireAt, change } = await renew(place, account, credentials)
    await changeCredentials(ctx, place.secrets, account.id, change, expireAt ?? undefined)
    return accessToken!
  })
}

async function renew(place: Workplace, { settings }: MailAccount, credentials: Credentials) {
  if (!credentials.refreshToken)
    throw new MailFailure('credentials_missing', 'Nobody has given consent for this mailbox yet.')
  const { change, expireAt } = await askForTokens(
    place,
    { settings, credentials },
    { grant_type: 'refresh_token', refresh_token: credentials.refreshToken },
  )
  return { change, expireAt, accessToken: change.accessToken }
}

function lasting({ clock }: Workplace, { accessToken, accessTokenExpiresAt }: Credentials) {
  const isGood = accessTokenExpiresAt && Date.parse(accessTokenExpiresAt) - spareMs > clock.now().getTime()
  return isGood ? accessToken : undefined
}

/** `invalid_grant`: the consent is over, and a person has to give it again (RFC 6749 §5.2). */
function refused(status: number, { error, error_description: why }: Record<string, unknown>) {
  const words = [error, why].filter(word => typeof word === 'string').join(': ') || `HTTP ${status}`
  if (error === 'invalid_grant') return new MailFailure('token_expired', words)
  return new MailFailure(status >= 500 ? 'server_busy' : 'token_refused', words)
}
