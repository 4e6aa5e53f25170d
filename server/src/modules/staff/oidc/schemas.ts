import { z } from 'zod'
import { pageOf } from '../../../platform/route.ts'

const Domain = z
  .string()
  .trim()
  .toLowerCase()
  .max(253)
  .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/)
const ClaimMap = z.array(z.object({ value: z.string().trim().min(1).max(200), id: z.uuid() })).max(50)
const ClaimName = z.string().trim().min(1).max(200)

const settings = {
  name: z.string().trim().min(1).max(60),
  issuer: z.url({ protocol: /^https?$/ }).max(300),
  clientId: z.string().trim().min(1).max(300),
  /** Whose verified addresses are believed; empty means any, of who is a colleague or invited already. */
  domains: z.array(Domain).max(50),
  /** The role of who signs in without an invitation; null lets nobody join so. */
  joinsAs: z.uuid().nullable(),
  joinsStoreIds: z.array(z.uuid()).max(500).nullable(),
  /** Names of claims, or paths such as `realm_access.roles`; the first value of the map that is there counts. */
  roleClaim: ClaimName.nullable(),
  roleMap: ClaimMap,
  teamClaim: ClaimName.nullable(),
  teamMap: ClaimMap,
  /** Whether who comes from there needs no code of his own second factor. */
  isSecondFactor: z.boolean(),
  /** Whether passwords let nobody in but the first administrator. */
  isOnlyWay: z.boolean(),
  isEnabled: z.boolean(),
}

/** `redirectUri` is what has to be entered at the giver. */
export const IdentityGiver = z
  .object({
    id: z.uuid(),
    ...settings,
    hasSecret: z.boolean(),
    redirectUri: z.string(),
    createdAt: z.date(),
  })
  .meta({ id: 'IdentityGiver' })
export type IdentityGiver = z.output<typeof IdentityGiver>
export const IdentityGiverList = pageOf(IdentityGiver)

const Secret = z.string().min(1).max(2_000)
export const NewIdentityGiver = z.object({
  ...settings,
  clientSecret: Secret.optional(),
  domains: settings.domains.default([]),
  joinsAs: settings.joinsAs.default(null),
  joinsStoreIds: settings.joinsStoreIds.default(null),
  roleClaim: settings.roleClaim.default(null),
  roleMap: settings.roleMap.default([]),
  teamClaim: settings.teamClaim.default(null),
  teamMap: settings.teamMap.default([]),
  isSecondFactor: settings.isSecondFactor.default(false),
  isOnlyWay: settings.isOnlyWay.default(false),
  isEnabled: settings.isEnabled.default(false),
})
export type NewIdentityGiver = z.output<typeof NewIdentityGiver>
/** With another issuer the secret goes, unless a new one is given. */
export const IdentityGiverChange = z.object({ ...settings, clientSecret: Secret.nullable() }).partial()
export type IdentityGiverChange = z.output<typeof IdentityGiverChange>

/** What was looked at, in order, and in code words what was found; `detail` is the giver's own words. */
export const GiverTrial = z
  .object({
    ok: z.boolean(),
    steps: z.array(
      z.object({
        step: z.enum(['description', 'keys', 'client']),
        state: z.enum(['fine', 'doubtful', 'failed']),
        code: z.string(),
        detail: z.string(),
      }),
    ),
  })
  .meta({ id: 'GiverTrial' })
export type GiverTrial = z.output<typeof GiverTrial>

export const SignInWays = z
  .object({ password: z.boolean(), givers: z.array(z.object({ id: z.uuid(), name: z.string() })) })
  .meta({ id: 'SignInWays' })

/** Only a path of ours: `//elsewhere` would lead out of the house. */
export const NewTrip = z.object({
  giverId: z.uuid(),
  next: z
    .string()
    .max(500)
    .regex(/^\/(?![/\\])/)
    .default('/'),
})
export const Trip = z.object({ url: z.string() })

const Said = z.string().max(4_000).optional()
/** Givers add what they like. */
export const GiverAnswer = z.looseObject({ state: Said, code: Said, error: Said, iss: Said })
export type GiverAnswer = z.output<typeof GiverAnswer>
