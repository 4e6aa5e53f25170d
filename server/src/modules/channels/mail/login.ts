import { system } from '../../../platform/context.ts'
import { lookingContext, type Workplace } from '../../../platform/work.ts'
import { readCredentials } from './credentials.ts'
import { MailFailure } from './failures.ts'
import type { Login } from './imap-session.ts'
import { accessTokenOf } from './oauth.ts'
import type { Credentials, MailSettings } from './settings.ts'

/** `credentials` are there when others than those that are kept are tried. */
export type MailAccount = { id: string; settings: MailSettings; credentials?: Credentials }

/** With what a mailbox is opened. A token that is about to run out is renewed first. */
export async function imapLogin(place: Workplace, account: MailAccount): Promise<Login> {
  const login = await loginTo(place, account, 'imap', ({ password }) => password)
  if (!login) throw new MailFailure('credentials_missing', 'There is no password yet.')
  return login
}

/** With what mail is handed in; null where nobody gave any: some servers know their own by address. */
export const smtpLogin = (place: Workplace, account: MailAccount): Promise<Login | null> =>
  loginTo(place, account, 'smtp', ({ smtpPassword, password }) => smtpPassword ?? password)

async function loginTo(
  place: Workplace,
  account: MailAccount,
  server: 'imap' | 'smtp',
  passwordIn: (credentials: Credentials) => string | undefined,
): Promise<Login | null> {
  const { settings, id } = account
  const user = settings[server]?.user ?? settings.address ?? ''
  if (settings.auth !== 'password') return { user, accessToken: await accessTokenOf(place, account) }
  const credentials =
    account.credentials ?? (await readCredentials(lookingContext(place, system), place.secrets, id))
  const pass = passwordIn(credentials)
  return pass ? { user, pass } : null
}
