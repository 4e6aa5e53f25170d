import type { Ctx } from '../../../platform/context.ts'
import { invalid } from '../../../platform/errors.ts'
import type { Secrets } from '../../../platform/secrets.ts'
import { readCredentials } from './credentials.ts'
import type { MailAccount } from './login.ts'
import { readMailChannel } from './mailbox.ts'
import { mergedSettings, type TrialRequest } from './schemas.ts'
import { whereTo } from './settings.ts'

/**
 * What is to be tried. The credentials that are kept go only to the servers they were given for: else whoever may
 * try could read them by naming a server of his own.
 */
export async function prepareTrial(
  ctx: Ctx,
  secrets: Secrets,
  id: string,
  asked: TrialRequest,
): Promise<MailAccount> {
  const channel = await readMailChannel(ctx, id)
  const merged = mergedSettings(channel.settings, asked.settings)
  if (!merged.success)
    throw invalid(
      'invalid_settings',
      'These settings do not suit this kind of channel.',
      merged.error.issues.map(issue => ({
        path: ['body', 'settings', ...issue.path.map(String)].join('.'),
        code: issue.code,
        message: issue.message,
      })),
    )
  const settings = merged.data
  const isSameServer = whereTo(settings) === whereTo(channel.settings)
  // A token for renewal may be good only once, so the kept one is used where what comes of it is kept too.
  const isByKeptToken = settings.auth !== 'password' && !asked.credentials?.refreshToken
  if (isSameServer && (!asked.credentials || isByKeptToken)) return { id, settings }
  const given = Object.fromEntries(
    Object.entries(asked.credentials ?? {}).flatMap(([name, value]) => (value ? [[name, value]] : [])),
  )
  return {
    id,
    settings,
    credentials: isSameServer ? { ...(await readCredentials(ctx, secrets, id)), ...given } : given,
  }
}
