import { boolean, index, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { createdAt, id, instant } from '../../../platform/columns.ts'
import { roles } from '../tables.ts'

export type ClaimMap = { value: string; id: string }[]

/**
 * Who vouches for colleagues besides us: an OpenID provider. Without `domains` any verified address will do that a
 * colleague has; `joinsAs` lets in people nobody invited. `isOnlyWay` shuts the password's way to all but the
 * first administrator.
 */
export const identityGivers = pgTable('identity_givers', {
  id: id(),
  name: text().notNull(),
  issuer: text().notNull(),
  clientId: text().notNull(),
  secretSealed: text(),
  domains: text().array().notNull().default([]),
  joinsAs: uuid().references(() => roles.id),
  joinsStoreIds: uuid().array(),
  roleClaim: text(),
  roleMap: jsonb().$type<ClaimMap>().notNull().default([]),
  teamClaim: text(),
  teamMap: jsonb().$type<ClaimMap>().notNull().default([]),
  isSecondFactor: boolean().notNull().default(false),
  isOnlyWay: boolean().notNull().default(false),
  isEnabled: boolean().notNull().default(false),
  createdAt: createdAt(),
})

/** Sign-ins on their way to a giver and back, each good once and in the browser that began it. */
export const giverTrips = pgTable(
  'giver_trips',
  {
    stateHash: text().primaryKey(),
    browserHash: text().notNull(),
    giverId: uuid()
      .notNull()
      .references(() => identityGivers.id, { onDelete: 'cascade' }),
    next: text().notNull(),
    expiresAt: instant().notNull(),
  },
  t => [index('giver_trips_by_expiry').on(t.expiresAt)],
)
