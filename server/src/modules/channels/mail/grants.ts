import { createHash } from 'node:crypto'
import { and, eq, gt } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { conflict, notFound } from '../../../platform/errors.ts'
import { hashToken, newToken, type Secrets } from '../../../platform/secrets.ts'
import type { Workplace } from '../../../platform/work.ts'
import { changeCredentials, readCredentials } from './credentials.ts'
import { type Failure, failureOf } from './failures.ts'
import { askToFetch, readMailChannel } from './mailbox.ts'
import { askForTokens } from './oauth.ts'
import { findGiver, type Giver } from './oauth-givers.ts'
import type { MailSettings } from './settings.ts'
import { mailboxes } from './tables.ts'

const minutesToConsent = 10
export const grantPath = '/mailbox-grant'

type Place = Pick<Workplace, 'secrets' | 'url'>

/** Outside any transaction: the giver may have to be asked where it lives. */
export const findGiverOf = (place: Workplace, settings: MailSettings) => findGiver(place.outbound, settings)

/**
 * Where to send somebody who is to give consent. The state is good once and for ten minutes, and only its hash is
 * kept; the verifier (PKCE, RFC 7636) is made from it with our key, so it is nowhere until it is needed.
 */
export async function beginGrant(ctx: Ctx, place: Place, id: string, giver: Giver): Promise<{ url: string }> {
  const { settings } = await readMailChannel(ctx, id)
  if (settings.auth === 'password' || !settings.oauthClientId)
    throw conflict('no_token_giver', 'This mailbox is not set up for tokens.')
  const state = newToken()
  const grant = {
    grantStateHash: hashToken(state),
    grantUntil: new Date(ctx.now.getTime() + minutesToConsent * 60_000),
  }
  await ctx.db
    .insert(mailboxes)
    .values({ channelId: id, ...grant })
    .onConflictDoUpdate({ target: mailboxes.channelId, set: grant })
  ctx.audit('mailbox.grant_begun', `channel:${id}`)
  const url = new URL(giver.authorization)
  const question = {
    response_type: 'code',
    client_id: settings.oauthClientId,
    redirect_uri: redirectUri(place),
    scope: giver.scope,
    state,
    code_challenge: createHash('sha256').update(verifierOf(place.secrets, state)).digest('base64url'),
    code_challenge_method: 'S256',
    ...(settings.address && { login_hint: settings.address }),
    ...giver.extras,
  }
  for (const [name, value] of Object.entries(question)) url.searchParams.set(name, value)
  return { url: url.href }
}

/** Whose grant this state is. Asked once it is gone, whatever comes of it. */
export async function claimGrant(ctx: Ctx, state: string) {
  const isIt = and(eq(mailboxes.grantStateHash, hashToken(state)), gt(mailboxes.grantUntil, ctx.now))
  const [claimed] = await ctx.db
    .update(mailboxes)
    .set({ grantStateHash: null, grantUntil: null })
    .where(isIt)
    .returning({ id: mailboxes.channelId })
  if (!claimed) throw notFound('grant')
  return readMailChannel(ctx, claimed.id)
}

/** Changes the code for tokens and keeps them; answers what went wrong, if anything did. */
export async function completeGrant(
  place: Workplace,
  act: <T>(work: (ctx: Ctx) => Promise<T>) => Promise<T>,
  { id, settings }: { id: string; settings: MailSettings },
  { state, code }: { state: string; code: string },
): Promise<Failure | null> {
  try {
    const credentials = await act(ctx => readCredentials(ctx, place.secrets, id))
    const { change, expireAt } = await askForTokens(
      place,
      { settings, credentials },
      {
        grant_type: 'authorization_code',
        code,
        redirect_uri: redirectUri(place),
        code_verifier: verifierOf(place.secrets, state),
      },
    )
    await act(async ctx => {
      await changeCredentials(ctx, place.secrets, id, change, expireAt)
      ctx.audit('mailbox.grant_given', `channel:${id}`)
      await askToFetch(ctx, id)
    })
    return null
  } catch (error) {
    return failureOf(error)
  }
}

const redirectUri = ({ url }: Pick<Place, 'url'>) => `${url}/api${grantPath}`

const verifierOf = (secrets: Secrets, state: string) => secrets.sign('mailbox grant verifier', state)
