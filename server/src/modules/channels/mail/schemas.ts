import { z } from 'zod'
import { failureCodes } from './failures.ts'
import { Credentials, MailSettings } from './settings.ts'
import { trialSteps } from './trying.ts'

const { accessToken: _, accessTokenExpiresAt: __, ...given } = Credentials.shape

/** What a person may give; tokens that Afar renews by itself are no part of it. */
export const CredentialsChange = z.strictObject(
  Object.fromEntries(
    Object.entries(given).map(([name, shape]) => [name, shape.unwrap().min(1).nullable().optional()]),
  ) as { [Name in keyof typeof given]: z.ZodOptional<z.ZodNullable<z.ZodString>> },
)
export type CredentialsChange = z.output<typeof CredentialsChange>

export const Mailbox = z
  .object({
    connectedAt: z.date().nullable(),
    lastFetchedAt: z.date().nullable(),
    lastSentAt: z.date().nullable(),
    failingSince: z.date().nullable(),
    failure: z.enum(failureCodes).nullable(),
    /** The server's own words. */
    failureDetail: z.string().nullable(),
    lagSeconds: z.number().int().nullable(),
    credentials: z.object({
      hasPassword: z.boolean(),
      hasSmtpPassword: z.boolean(),
      hasClientSecret: z.boolean(),
      hasConsent: z.boolean(),
      hasDkimKey: z.boolean(),
      expireAt: z.date().nullable(),
    }),
    folders: z.array(
      z.object({
        path: z.string(),
        serverCount: z.number().int().nullable(),
        heldCount: z.number().int().nullable(),
        comparedAt: z.date().nullable(),
        repairedCount: z.number().int(),
        unfetched: z.array(
          z.object({
            uid: z.number().int(),
            attempts: z.number().int(),
            reason: z.string(),
            triedAt: z.date(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: 'Mailbox' })
export type Mailbox = z.output<typeof Mailbox>

/** Settings to try instead of those that stand; with another server or user, its credentials too. */
export const TrialRequest = z.strictObject({
  settings: z.record(z.string().max(100), z.unknown()).optional(),
  credentials: CredentialsChange.optional(),
  /** Sends a mail to the mailbox itself and waits for it. */
  sendsMail: z.boolean().default(false),
})
export type TrialRequest = z.output<typeof TrialRequest>

export const Trial = z
  .object({
    steps: z.array(
      z.object({
        step: z.enum(trialSteps),
        ok: z.boolean(),
        code: z.string().nullable(),
        detail: z.string(),
        milliseconds: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'MailboxTrial' })

export const Grant = z.object({ url: z.string() }).meta({ id: 'MailboxGrant' })
/** Givers add words of their own (`iss`, `scope`, `authuser`, `session_state`), which say nothing to us. */
export const GrantAnswer = z.looseObject({
  state: z.string().min(1).max(200),
  code: z.string().max(4_000).optional(),
  error: z.string().max(500).optional(),
})

export const mergedSettings = (settings: MailSettings, change: Record<string, unknown> = {}) =>
  MailSettings.safeParse({ ...settings, ...change })
