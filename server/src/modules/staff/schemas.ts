import { IANAZone } from 'luxon'
import { z } from 'zod'
import { isNetwork } from '../../platform/networks.ts'
import { pageOf } from '../../platform/route.ts'
import { availabilities, locales, reaches } from './tables.ts'

const PersonName = z.string().trim().min(1).max(100)
const Title = z.string().trim().min(1).max(80)
export const Email = z.string().trim().toLowerCase().max(254).pipe(z.email())
/** Long rather than colourful (NIST SP 800-63B §3.1.1); the ceiling only bounds the work of hashing. */
export const NewPassword = z.string().min(10).max(200)
const GivenPassword = z.string().min(1).max(200)
const Locale = z.enum(locales)
/** An IANA name. */
const Zone = z.string().refine(name => /^[A-Za-z]/.test(name) && IANAZone.isValidZone(name))
const Languages = z.array(z.string().regex(/^[a-z]{2,3}$/)).max(30)
const Skills = z.array(z.string().trim().min(1).max(40)).max(50)
const ChatLimit = z.number().int().min(0).max(100)
const Capacity = z.number().int().min(0).max(10_000)
const Ids = z.array(z.uuid()).max(500)
const StoreIds = Ids.nullable()

export const AvailabilityState = z
  .object({ state: z.enum(availabilities), reason: z.string().nullable() })
  .meta({ id: 'Availability' })
export const NewAvailability = z.object({
  state: z.enum(availabilities),
  reason: z.string().trim().max(60).optional(),
})

export const Me = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    locale: Locale,
    zone: z.string().nullable(),
    /** Languages that he reads without a translation, beside that of his console. */
    reads: z.array(z.string()),
    roleName: z.string(),
    /** `*` stands for every permission, also future ones. */
    permissions: z.array(z.string()),
    storeIds: StoreIds,
    teamIds: Ids,
    availability: AvailabilityState,
    twoFactor: z.boolean(),
    chatLimit: z.number(),
  })
  .meta({ id: 'Me' })
export type Me = z.output<typeof Me>

export const SignIn = z.object({
  email: z.string().trim().toLowerCase().min(1).max(254),
  password: GivenPassword,
})
export const SignInState = z
  .object({ state: z.enum(['signed_in', 'second_factor']) })
  .meta({ id: 'SignInState' })
/** Six digits of the app, or a backup code. */
export const Code = z.object({ code: z.string().trim().min(6).max(20) })
export const PasswordChange = z.object({ current: GivenPassword, next: NewPassword })
export const PasswordProof = z.object({ password: GivenPassword })
export const MeChange = z.object({
  locale: Locale.optional(),
  reads: Languages.optional(),
  name: PersonName.optional(),
  zone: Zone.nullable().optional(),
})
export const NewSecondFactor = z
  .object({ uri: z.string(), backupCodes: z.array(z.string()) })
  .meta({ id: 'NewSecondFactor' })

export const Staff = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    roleId: z.uuid(),
    roleName: z.string(),
    teamIds: z.array(z.uuid()),
    storeIds: z.array(z.uuid()).nullable(),
    languages: z.array(z.string()),
    skills: z.array(z.string()),
    chatLimit: z.number(),
    capacity: z.number(),
    locale: Locale,
    zone: z.string().nullable(),
    availability: AvailabilityState,
    twoFactor: z.boolean(),
    lastSeenAt: z.date().nullable(),
    deactivatedAt: z.date().nullable(),
    createdAt: z.date(),
  })
  .meta({ id: 'Staff' })
export type Staff = z.output<typeof Staff>
export const StaffList = pageOf(Staff)

export const StaffChange = z.object({
  name: PersonName.optional(),
  roleId: z.uuid().optional(),
  teamIds: Ids.optional(),
  storeIds: StoreIds.optional(),
  languages: Languages.optional(),
  skills: Skills.optional(),
  chatLimit: ChatLimit.optional(),
  capacity: Capacity.optional(),
})
export type StaffChange = z.output<typeof StaffChange>

/** What the sample company, the set-up and the command line say of a new colleague. */
export const NewStaff = z.object({
  name: PersonName,
  email: Email,
  password: NewPassword,
  roleCode: z.string(),
  languages: Languages.optional(),
  skills: Skills.optional(),
  chatLimit: ChatLimit.optional(),
  capacity: Capacity.optional(),
  storeIds: StoreIds.optional(),
  teamIds: Ids.optional(),
  locale: Locale.optional(),
})
export type NewStaff = z.output<typeof NewStaff>

export const FirstAdmin = z.object({ name: PersonName, email: Email, password: NewPassword, locale: Locale })
export type FirstAdmin = z.output<typeof FirstAdmin>

const PermissionCode = z.string().regex(/^[a-z][a-z-]*:[a-z][a-z-]*$/)
export const Role = z
  .object({
    id: z.uuid(),
    code: z.string().nullable(),
    name: z.string(),
    permissions: z.array(z.string()),
    /** Of the conversations of his stores: all, those of his teams and his own, or his own. */
    reach: z.enum(reaches),
    isBuiltIn: z.boolean(),
    staffCount: z.number(),
  })
  .meta({ id: 'Role' })
export type Role = z.output<typeof Role>
export const RoleList = pageOf(Role)
export const NewRole = z.object({
  name: Title,
  permissions: z.array(PermissionCode).max(200),
  reach: z.enum(reaches).default('stores'),
})
export type NewRole = z.output<typeof NewRole>
export const RoleChange = NewRole.extend({ reach: z.enum(reaches) }).partial()
export type RoleChange = z.output<typeof RoleChange>

export const Team = z
  .object({ id: z.uuid(), name: z.string(), memberIds: z.array(z.uuid()) })
  .meta({ id: 'Team' })
export const TeamList = pageOf(Team)
export const NewTeam = z.object({ name: Title, memberIds: Ids.default([]) })
export const TeamChange = z.object({ name: Title.optional(), memberIds: Ids.optional() })
export type TeamChange = z.output<typeof TeamChange>

export const Token = z.object({ token: z.string().regex(/^[\w-]{43}$/) })
export const Invitation = z
  .object({
    id: z.uuid(),
    email: z.string(),
    roleId: z.uuid(),
    roleName: z.string(),
    storeIds: z.array(z.uuid()).nullable(),
    teamIds: z.array(z.uuid()),
    createdAt: z.date(),
    expiresAt: z.date(),
  })
  .meta({ id: 'Invitation' })
export const InvitationList = pageOf(Invitation)
export const NewInvitation = z.object({
  email: Email,
  roleId: z.uuid(),
  teamIds: Ids.default([]),
  storeIds: StoreIds.default(null),
})
export type NewInvitation = z.output<typeof NewInvitation>
/** `url` is the path of the page where the invited person joins; it is told once, only its hash is kept. */
export const IssuedInvitation = Invitation.extend({ url: z.string() }).meta({ id: 'IssuedInvitation' })
/** Of somebody who has not signed in yet. */
export const ReaderLocale = z.object({ locale: Locale.default('en') })
export const InvitationGlance = z
  .object({ email: z.string(), roleName: z.string(), invitedBy: z.string().nullable(), expiresAt: z.date() })
  .meta({ id: 'InvitationGlance' })
export const Acceptance = z.object({ name: PersonName, password: NewPassword, locale: Locale })
export type Acceptance = z.output<typeof Acceptance>

/** `url` is the path of the page where he chooses a new password; it is told once, only its hash is kept. */
export const IssuedPasswordReset = z
  .object({ url: z.string(), expiresAt: z.date() })
  .meta({ id: 'IssuedPasswordReset' })
export const PasswordResetGlance = z
  .object({ name: z.string(), email: z.string(), expiresAt: z.date() })
  .meta({ id: 'PasswordResetGlance' })
export const ChosenPassword = z.object({ password: NewPassword })

export const ApiKey = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string(),
    roleId: z.uuid(),
    roleName: z.string(),
    /** What of its role it may do; null means all of it. */
    permissions: z.array(z.string()).nullable(),
    storeIds: z.array(z.uuid()).nullable(),
    /** From where it may be used, as `203.0.113.0/24`; empty means from everywhere. */
    networks: z.array(z.string()),
    createdAt: z.date(),
    lastUsedAt: z.date().nullable(),
    lastUsedIp: z.string().nullable(),
    expiresAt: z.date().nullable(),
    /** Until when the secret before the last rotation is good. */
    previousUntil: z.date().nullable(),
  })
  .meta({ id: 'ApiKey' })
export const ApiKeyList = pageOf(ApiKey)
export const NewApiKey = z.object({
  name: Title,
  roleId: z.uuid(),
  permissions: z.array(PermissionCode).max(200).nullable().default(null),
  storeIds: StoreIds.default(null),
  networks: z.array(z.string().trim().refine(isNetwork)).max(50).default([]),
  expiresAt: z.iso
    .datetime({ offset: true })
    .transform(text => new Date(text))
    .optional(),
})
/** For so long the old secret stays good, so that nothing stands still while the new one is put in place. */
export const Rotation = z.object({ overlapHours: z.number().min(0).max(168).default(24) })
/** `key` is told once; only its hash is kept. */
export const IssuedApiKey = ApiKey.extend({ key: z.string() }).meta({ id: 'IssuedApiKey' })

const Ways = z.object({ sound: z.boolean(), desktop: z.boolean(), title: z.boolean() })
const TimeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)

/** How one is told of what. Hours are those of the zone one works by, and may span midnight. */
export const NotificationSettings = z
  .object({
    ways: z.strictObject({
      assigned: Ways,
      customer_wrote: Ways,
      mention: Ways,
      /** A colleague's note in a conversation of one's own. */
      whisper: Ways,
      escalation: Ways,
      queued: Ways,
    }),
    /** Of 100. */
    volume: z.number().int().min(0).max(100),
    /** Nothing sounds of a conversation that is on the screen in front of one. */
    quietWhileLooking: z.boolean(),
    doNotDisturb: z.object({ from: TimeOfDay, to: TimeOfDay }).nullable(),
  })
  .meta({ id: 'NotificationSettings' })
export type NotificationSettings = z.output<typeof NotificationSettings>
