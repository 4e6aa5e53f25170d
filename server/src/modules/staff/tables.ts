import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { createdAt, id, instant, oneOf } from '../../platform/columns.ts'
import type { NotificationSettings } from './schemas.ts'

export const availabilities = ['online', 'busy', 'away', 'offline'] as const
export const locales = ['zh', 'en'] as const
/** What of the conversations of his stores a colleague sees: all, his teams' and his own, his own. */
export const reaches = ['stores', 'teams', 'own'] as const
export type Availability = (typeof availabilities)[number]
export type Locale = (typeof locales)[number]
export type Reach = (typeof reaches)[number]

// The auth_ tables have the shape of better-auth's models, so that its single sign-on can stand on them.

export const authUsers = pgTable('auth_users', {
  id: id(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean().notNull().default(false),
  image: text(),
  createdAt: createdAt(),
  updatedAt: createdAt(),
})

/** `token` is the SHA-256 of what the cookie holds; `updatedAt` is when the session was last used, give or take. */
export const authSessions = pgTable(
  'auth_sessions',
  {
    id: id(),
    userId: uuid()
      .notNull()
      .references(() => authUsers.id, { onDelete: 'cascade' }),
    token: text().notNull().unique(),
    expiresAt: instant().notNull(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
    ipAddress: text(),
    userAgent: text(),
  },
  t => [index('auth_sessions_by_user').on(t.userId), index('auth_sessions_by_expiry').on(t.expiresAt)],
)

export const authAccounts = pgTable(
  'auth_accounts',
  {
    id: id(),
    userId: uuid()
      .notNull()
      .references(() => authUsers.id, { onDelete: 'cascade' }),
    issuer: text().notNull(),
    accountId: text().notNull(),
    providerId: text().notNull(),
    accessToken: text(),
    refreshToken: text(),
    idToken: text(),
    accessTokenExpiresAt: instant(),
    refreshTokenExpiresAt: instant(),
    scope: text(),
    password: text(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  t => [
    index('auth_accounts_by_user').on(t.userId),
    uniqueIndex('auth_accounts_by_issuer').on(t.issuer, t.accountId),
  ],
)

/** Sign-ins that wait for their second factor; `identifier` is the SHA-256 of what the cookie holds. */
export const authVerifications = pgTable(
  'auth_verifications',
  {
    id: id(),
    identifier: text().notNull(),
    value: text().notNull(),
    expiresAt: instant().notNull(),
    createdAt: createdAt(),
    updatedAt: createdAt(),
  },
  t => [
    index('auth_verifications_by_identifier').on(t.identifier),
    index('auth_verifications_by_expiry').on(t.expiresAt),
  ],
)

/** `lastStep` is the newest 30-second step whose code was used: no code works twice. */
export const authTwoFactors = pgTable('auth_two_factors', {
  userId: uuid()
    .primaryKey()
    .references(() => authUsers.id, { onDelete: 'cascade' }),
  secretSealed: text().notNull(),
  backupCodes: text().array().notNull(),
  lastStep: bigint({ mode: 'number' }),
  verifiedAt: instant(),
  createdAt: createdAt(),
})

export const roles = pgTable('roles', {
  id: id(),
  code: text().unique(),
  name: text().notNull(),
  permissions: text().array().notNull(),
  reach: oneOf(reaches).notNull().default('stores'),
  isBuiltIn: boolean().notNull().default(false),
  createdAt: createdAt(),
})

/** `id` is that of the auth user. `storeIds` null means every store, also future ones. */
export const staff = pgTable(
  'staff',
  {
    id: uuid()
      .primaryKey()
      .references(() => authUsers.id),
    name: text().notNull(),
    email: text().notNull().unique(),
    roleId: uuid()
      .notNull()
      .references(() => roles.id),
    storeIds: uuid().array(),
    languages: text().array().notNull().default([]),
    /** What he can read without a translation; where he never said, what he can answer. */
    reads: text().array(),
    skills: text().array().notNull().default([]),
    chatLimit: integer().notNull().default(5),
    /** How many units of work he can hold at once; what a conversation takes of it, routing's weights say. */
    capacity: integer().notNull().default(150),
    locale: oneOf(locales).notNull().default('en'),
    /** Where he reads “today”; without one as the company does. */
    zone: text(),
    availability: oneOf(availabilities).notNull().default('offline'),
    availabilityReason: text(),
    availabilitySince: instant().notNull().defaultNow(),
    lastSeenAt: instant(),
    deactivatedAt: instant(),
    createdAt: createdAt(),
  },
  t => [
    check('staff_email_is_lower', sql`${t.email} = lower(${t.email})`),
    check('staff_availability_is_known', sql`${t.availability} in ('online', 'busy', 'away', 'offline')`),
    index('staff_by_role').on(t.roleId),
    index('staff_at_work').on(t.lastSeenAt).where(sql`availability in ('online', 'busy')`),
  ],
)

/** By what a colleague is told of what, where he said so. */
export const notificationSettings = pgTable('notification_settings', {
  staffId: uuid()
    .primaryKey()
    .references(() => staff.id, { onDelete: 'cascade' }),
  settings: jsonb().$type<NotificationSettings>().notNull(),
  changedAt: instant().notNull(),
})

/** Who was at work when: what a day is replayed with. A row stands until the colleague's next one. */
export const availabilityLog = pgTable(
  'availability_log',
  {
    id: id(),
    staffId: uuid()
      .notNull()
      .references(() => staff.id, { onDelete: 'cascade' }),
    state: oneOf(availabilities).notNull(),
    reason: text(),
    at: instant().notNull(),
  },
  t => [index('availability_log_of_staff').on(t.staffId, t.at)],
)

export const teams = pgTable('teams', { id: id(), name: text().notNull().unique(), createdAt: createdAt() })

export const teamMembers = pgTable(
  'team_members',
  {
    teamId: uuid()
      .notNull()
      .references(() => teams.id, { onDelete: 'cascade' }),
    staffId: uuid()
      .notNull()
      .references(() => staff.id, { onDelete: 'cascade' }),
  },
  t => [primaryKey({ columns: [t.teamId, t.staffId] }), index('team_members_by_staff').on(t.staffId)],
)

export const invitations = pgTable(
  'invitations',
  {
    id: id(),
    tokenHash: text().notNull().unique(),
    email: text().notNull(),
    roleId: uuid()
      .notNull()
      .references(() => roles.id, { onDelete: 'cascade' }),
    storeIds: uuid().array(),
    teamIds: uuid().array().notNull().default([]),
    invitedBy: uuid(),
    createdAt: createdAt(),
    expiresAt: instant().notNull(),
    acceptedAt: instant(),
    withdrawnAt: instant(),
  },
  t => [index('invitations_open').on(t.email).where(sql`accepted_at is null and withdrawn_at is null`)],
)

/** One per colleague: a newer link takes the place of the older. */
export const passwordResets = pgTable('password_resets', {
  staffId: uuid()
    .primaryKey()
    .references(() => staff.id, { onDelete: 'cascade' }),
  tokenHash: text().notNull().unique(),
  issuedBy: uuid(),
  createdAt: createdAt(),
  expiresAt: instant().notNull(),
})

/**
 * A key belongs to the company, not to the colleague who made it: it outlives his leaving. Of its role it may do
 * what `permissions` says, all where they are null; without `networks` it is good from everywhere. The secret
 * before the last rotation is good until `previousUntil`.
 */
export const apiKeys = pgTable('api_keys', {
  id: id(),
  name: text().notNull(),
  hash: text().notNull().unique(),
  prefix: text().notNull(),
  previousHash: text().unique('api_keys_previous_hash'),
  previousUntil: instant(),
  roleId: uuid().references(() => roles.id, { onDelete: 'set null' }),
  permissions: text().array(),
  storeIds: uuid().array(),
  networks: text().array().notNull().default([]),
  createdBy: uuid(),
  createdAt: createdAt(),
  lastUsedAt: instant(),
  lastUsedIp: text(),
  expiresAt: instant(),
  revokedAt: instant(),
})
