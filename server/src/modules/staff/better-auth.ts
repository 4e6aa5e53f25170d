import { createLocalAccountIssuer } from '@better-auth/core/db'
import { createAdapterFactory } from '@better-auth/core/db/adapter'
import { betterAuth } from 'better-auth/minimal'
import { and, eq, gt, gte, inArray, lt, lte, type SQL, sql } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { uuidv7 } from '../../platform/columns.ts'
import type { Db } from '../../platform/db.ts'
import { newToken } from '../../platform/secrets.ts'
import { hashPassword, isPassword } from './passwords.ts'
import { authAccounts, authSessions, authUsers, authVerifications } from './tables.ts'

/**
 * The accounts of better-auth within the caller's transaction: who exists, his password, his sessions. Its
 * HTTP side is not mounted; our own routes are the only way in. An instance costs less than a millisecond.
 */
export async function openAccounts(db: Db) {
  const auth = betterAuth({
    database: adapterOn(db),
    baseURL: 'http://localhost',
    // It signs nothing of ours: session tokens are random and looked up by their hash.
    secret: idleSecret,
    emailAndPassword: {
      enabled: true,
      password: { hash: hashPassword, verify: ({ hash, password }) => isPassword(hash, password) },
    },
    advanced: { database: { generateId: () => uuidv7() } },
    telemetry: { enabled: false },
    logger: { disabled: true },
  })
  return (await auth.$context).internalAdapter
}

export const passwordAccount = { providerId: 'credential', issuer: createLocalAccountIssuer('credential') }

const idleSecret = newToken()

type Table = PgTable & Record<string, PgColumn>
type Where = { field: string; operator?: string; connector?: string; value: unknown }

const tables = {
  user: authUsers,
  session: authSessions,
  account: authAccounts,
  verification: authVerifications,
} as unknown as Record<string, Table>

const operators: Record<string, (column: PgColumn, value: never) => SQL> = {
  eq,
  lt,
  lte,
  gt,
  gte,
  in: inArray,
}

/** better-auth's own Drizzle adapter speaks to the pool; this one stays in the transaction it is given. */
const adapterOn = (db: Db) =>
  createAdapterFactory({
    config: {
      adapterId: 'afar',
      supportsUUIDs: true,
      supportsArrays: true,
      supportsJSON: true,
      transaction: false,
    },
    adapter: () => {
      const select = (model: string, where?: readonly Where[]) =>
        db.select().from(tableOf(model)).where(matching(model, where))
      const change = (model: string, where: readonly Where[], values: object) =>
        db.update(tableOf(model)).set(values).where(matching(model, where)).returning()
      const remove = (model: string, where: readonly Where[]) =>
        db.delete(tableOf(model)).where(matching(model, where)).returning()
      const first = <T>(rows: object[]) => (rows[0] ?? null) as T

      return {
        create: async ({ model, data }) => first(await db.insert(tableOf(model)).values(data).returning()),
        findOne: async ({ model, where }) => first(await select(model, where).limit(1)),
        findMany: async ({ model, where, limit, offset = 0 }) =>
          (await select(model, where).limit(limit).offset(offset)) as never[],
        update: async ({ model, where, update }) => first(await change(model, where, update as object)),
        updateMany: async ({ model, where, update }) => (await change(model, where, update)).length,
        delete: async ({ model, where }) => void (await remove(model, where)),
        deleteMany: async ({ model, where }) => (await remove(model, where)).length,
        consumeOne: async ({ model, where }) => first(await remove(model, where)),
        incrementOne: async ({ model, where, increment, set }) => {
          const sums = Object.entries(increment).map(([field, by]) => [
            field,
            sql`${tableOf(model)[field]} + ${by}`,
          ])
          return first(await change(model, where, { ...set, ...Object.fromEntries(sums) }))
        },
        count: async ({ model, where }) => (await select(model, where)).length,
      }
    },
  })

const tableOf = (model: string): Table => {
  const table = tables[model]
  if (!table) throw new Error(`There is no table for better-auth's model ${model}.`)
  return table
}

function matching(model: string, where: readonly Where[] = []) {
  return and(
    ...where.map(({ field, operator = 'eq', connector = 'AND', value }) => {
      const condition = operators[operator]
      if (!condition || connector !== 'AND')
        throw new Error(`This adapter does not know ${connector} ${operator}.`)
      return condition(tableOf(model)[field] as PgColumn, value as never)
    }),
  )
}
