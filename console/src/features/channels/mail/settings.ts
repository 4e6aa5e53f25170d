import type { Schemas } from '../../../api/client.ts'
import type { Channel } from '../api.ts'

export const securities = ['tls', 'starttls', 'none'] as const
export const auths = ['password', 'google', 'microsoft', 'oauth'] as const
export const endings = ['keep', 'mark_read', 'move', 'delete'] as const

export type MailServer = {
  host: string
  port: number
  security: (typeof securities)[number]
  user: string | null
}

/** As the server keeps them; see its channels/mail/settings.ts. */
export type MailSettings = {
  address: string | null
  senderName: string
  aliases: string[]
  imap: (MailServer & { folder: string }) | null
  smtp: MailServer | null
  auth: (typeof auths)[number]
  oauthIssuer: string | null
  oauthClientId: string
  afterwards: (typeof endings)[number]
  moveTo: string | null
  historyDays: number
  liveDays: number
  sentFolder: string | null
  plusAddressing: boolean
  trustedServers: string[]
  signature: string
  dkim: { domain: string; selector: string } | null
  teamId: string | null
  acknowledge: boolean
  undoSeconds: number
  reopenDays: number
  maxBytes: number
}

export type Credentials = Partial<
  Record<'password' | 'smtpPassword' | 'oauthClientSecret' | 'dkimPrivateKey', string>
>
export type Mailbox = Schemas['Mailbox']
export type TrialStep = Schemas['MailboxTrial']['steps'][number]

type Fields<Server> = { [Key in keyof Server]: Exclude<Server[Key], null> | undefined }

/** The settings as they are filled in: nothing is null, and whether a server is used stands by itself. */
export type Values = Omit<MailSettings, 'imap' | 'smtp' | 'dkim' | 'maxBytes'> & {
  name: string
  receives: 'imap' | 'forwarding'
  imap: Fields<NonNullable<MailSettings['imap']>>
  smtp: Fields<MailServer>
  dkim: { domain: string; selector: string }
  credentials: Credentials
}

export function valuesOf(channel: Channel): Values {
  const { imap, smtp, dkim, maxBytes, ...settings } = channel.settings as MailSettings
  return {
    ...settings,
    name: channel.name,
    receives: imap || !settings.address ? 'imap' : 'forwarding',
    imap: imap ? { ...imap, user: imap.user ?? undefined } : { ...blank, port: 993, folder: 'INBOX' },
    smtp: smtp ? { ...smtp, user: smtp.user ?? undefined } : { ...blank, port: 465 },
    dkim: dkim ?? { domain: '', selector: '' },
    credentials: {},
  }
}

const blank = { host: '', security: 'tls', user: undefined } as const

/** Only what is known to this form, so what it does not show stays as it is. */
export function settingsOf(values: Values): Partial<MailSettings> {
  const { name, receives, imap, smtp, dkim, credentials, ...rest } = values
  const empty = (text: string | null | undefined) => text?.trim() || null
  return {
    ...rest,
    address: empty(rest.address)?.toLowerCase() ?? null,
    senderName: rest.senderName?.trim() ?? '',
    oauthIssuer: empty(rest.oauthIssuer),
    oauthClientId: rest.oauthClientId?.trim() ?? '',
    moveTo: rest.afterwards === 'move' ? empty(rest.moveTo) : null,
    sentFolder: empty(rest.sentFolder),
    signature: rest.signature ?? '',
    teamId: rest.teamId ?? null,
    imap:
      receives === 'imap' && empty(imap.host)
        ? { ...serverOf(imap), folder: empty(imap.folder) ?? 'INBOX' }
        : null,
    smtp: empty(smtp.host) ? serverOf(smtp) : null,
    dkim: empty(dkim.domain) && empty(dkim.selector) ? dkim : null,
  }
}

const serverOf = ({ host = '', port = 0, security = 'tls', user }: Fields<MailServer>): MailServer => ({
  host: host.trim(),
  port,
  security,
  user: user?.trim() || null,
})

/** What was typed, or nothing: a field left empty keeps what is there. */
export function credentialsOf({ credentials }: Values): Credentials | undefined {
  const typed = Object.entries(credentials).filter(([, value]) => value?.trim())
  return typed.length > 0 ? Object.fromEntries(typed) : undefined
}
