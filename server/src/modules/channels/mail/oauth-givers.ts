import type { Outbound } from '../../../platform/outbound.ts'
import { MailFailure } from './failures.ts'
import type { MailSettings } from './settings.ts'

/** Where consent is given and tokens are renewed, and what is asked for. */
export type Giver = {
  authorization: string
  token: string
  scope: string
  /** Said with the first question, so that the consent lasts without the person. */
  extras: Readonly<Record<string, string>>
}

// Verified 2026-11-22: developers.google.com/identity/protocols/oauth2/web-server and
// developers.google.com/workspace/gmail/imap/xoauth2-protocol; learn.microsoft.com/exchange/client-developer/
// legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth.
const known: Partial<Record<MailSettings['auth'], Giver>> = {
  google: {
    authorization: 'https://accounts.google.com/o/oauth2/v2/auth',
    token: 'https://oauth2.googleapis.com/token',
    scope: 'https://mail.google.com/',
    extras: { access_type: 'offline', prompt: 'consent' },
  },
  microsoft: {
    authorization: 'https://login.microsoftonline.com/common/oauth2/v2.0/authorize',
    token: 'https://login.microsoftonline.com/common/oauth2/v2.0/token',
    scope:
      'offline_access https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send',
    extras: { prompt: 'select_account' },
  },
}

/** Google, Microsoft, or whoever the issuer's own description names (OpenID Connect Discovery 1.0). */
export async function findGiver(outbound: Outbound, { auth, oauthIssuer }: MailSettings): Promise<Giver> {
  const giver = known[auth]
  if (giver) return giver
  if (!oauthIssuer) throw new MailFailure('credentials_missing', 'No giver of tokens is set.')
  const url = `${oauthIssuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const { status, body } = await outbound.request({ method: 'GET', url, maxBytes: 100_000 })
  const described = status === 200 ? readJson(body) : {}
  const { issuer, authorization_endpoint: authorization, token_endpoint: token } = described
  const isIt = typeof issuer === 'string' && issuer.replace(/\/$/, '') === oauthIssuer.replace(/\/$/, '')
  if (!isIt || typeof authorization !== 'string' || typeof token !== 'string')
    throw new MailFailure('token_refused', `${oauthIssuer} does not describe itself as a giver of tokens.`)
  return { authorization, token, scope: 'openid offline_access', extras: { prompt: 'consent' } }
}

export function readJson(body: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(String(body))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
