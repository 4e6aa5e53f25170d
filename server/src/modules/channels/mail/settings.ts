import { z } from 'zod'

const Host = z
  .string()
  .trim()
  .max(255)
  .regex(/^[a-zA-Z0-9.:-]+$/)
const Port = z.number().int().min(1).max(65_535)

/** `tls`: encrypted from the first byte; `starttls`: encrypted before anything is said, or not at all. */
export const securities = ['tls', 'starttls', 'none'] as const

const Server = z.strictObject({
  host: Host,
  port: Port,
  security: z.enum(securities).default('tls'),
  /** The mail address, unless told otherwise. */
  user: z.string().max(320).nullable().default(null),
})
export type MailServer = z.output<typeof Server>

export const Address = z.email().max(254).toLowerCase()

export const MailSettings = z.strictObject({
  /** Customers write to it, and it stands in From. */
  address: Address.nullable().default(null),
  /** Whose mail it is as customers see it; the store's name where it is empty. */
  senderName: z.string().trim().max(100).default(''),
  /** Further addresses whose mail ends in this mailbox. Never taken for a customer's, like the address itself. */
  aliases: z.array(Address).max(50).default([]),
  /** Where mail is fetched; absent where it only comes in by forwarding. */
  imap: Server.extend({ folder: z.string().max(500).default('INBOX') })
    .nullable()
    .default(null),
  smtp: Server.nullable().default(null),
  auth: z.enum(['password', 'google', 'microsoft', 'oauth']).default('password'),
  /** For `oauth`: any other giver of tokens that speaks OpenID Connect. */
  oauthIssuer: z.url().max(500).nullable().default(null),
  oauthClientId: z.string().max(300).default(''),
  /** What becomes of a mail at its source once it is safe here. */
  afterwards: z.enum(['keep', 'mark_read', 'move', 'delete']).default('keep'),
  moveTo: z.string().max(500).nullable().default(null),
  /** How many days back the first look reads; what lay there is history, except what came within `liveDays`. */
  historyDays: z.number().int().min(0).max(3_650).default(30),
  liveDays: z.number().int().min(0).max(30).default(3),
  /** A copy of what is sent is put here; none where the server does it by itself. */
  sentFolder: z.string().max(500).nullable().default(null),
  /** The server delivers address+anything to address, so answers find their conversation by it too. */
  plusAddressing: z.boolean().default(false),
  /** Servers whose Authentication-Results may be believed: those that receive this mailbox's mail. */
  trustedServers: z.array(Host).max(20).default([]),
  signature: z.string().max(5_000).default(''),
  dkim: z.strictObject({ domain: Host, selector: Host }).nullable().default(null),
  /** The team that gets new conversations. */
  teamId: z.uuid().nullable().default(null),
  /** Tell the customer that his mail has come in, and outside business hours when to expect an answer. */
  acknowledge: z.boolean().default(false),
  undoSeconds: z.number().int().min(0).max(60).default(10),
  reopenDays: z.number().int().min(0).max(365).default(30),
  maxBytes: z.number().int().min(1_000_000).max(100_000_000).default(60_000_000),
})
export type MailSettings = z.output<typeof MailSettings>

/** Sealed with the mailbox, never read back through the API. */
export const Credentials = z.strictObject({
  password: z.string().max(1_000).optional(),
  smtpPassword: z.string().max(1_000).optional(),
  oauthClientSecret: z.string().max(1_000).optional(),
  refreshToken: z.string().max(10_000).optional(),
  accessToken: z.string().max(10_000).optional(),
  /** ISO 8601 */
  accessTokenExpiresAt: z.iso.datetime().optional(),
  /** PEM, PKCS#8 or PKCS#1 */
  dkimPrivateKey: z.string().max(10_000).optional(),
})
export type Credentials = z.output<typeof Credentials>

/** Every address that is ours and never a customer's. */
export const ownAddresses = ({ address, aliases }: MailSettings) => [
  ...(address ? [address] : []),
  ...aliases,
]

/** Whom credentials are shown to: those given for one such place are good for no other. */
export const whereTo = ({ imap, smtp, auth, oauthIssuer }: MailSettings) =>
  JSON.stringify([
    imap?.host,
    imap?.port,
    imap?.security,
    smtp?.host,
    smtp?.port,
    smtp?.security,
    auth,
    oauthIssuer,
  ])
