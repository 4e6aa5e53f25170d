import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { found, invalid } from '../../../platform/errors.ts'
import type { Workplace } from '../../../platform/work.ts'
import { assertHolds, getRole } from '../roles.ts'
import { roles, teams } from '../tables.ts'
import type { IdentityGiver, IdentityGiverChange, NewIdentityGiver } from './schemas.ts'
import { type ClaimMap, identityGivers } from './tables.ts'
import type { Client } from './tokens.ts'

export type Giver = typeof identityGivers.$inferSelect
type Place = Pick<Workplace, 'secrets' | 'url'>

export const returnPath = '/session/giver-return'
export const sealedSecret = { table: 'identity_givers', key: 'id', column: 'secret_sealed' }

export async function listGivers(ctx: Ctx, place: Place): Promise<IdentityGiver[]> {
  const rows = await ctx.db.select().from(identityGivers).orderBy(asc(identityGivers.id))
  return rows.map(row => present(place, row))
}

/** Who names a giver can become whomever he likes, so only who may do everything does it. */
export async function createGiver(ctx: Ctx, place: Place, input: NewIdentityGiver): Promise<IdentityGiver> {
  assertHolds(ctx.actor, ['*'])
  await refuseUnfit(ctx, input)
  const { clientSecret, ...settings } = input
  const [row] = await ctx.db
    .insert(identityGivers)
    .values({ ...settings, createdAt: ctx.now })
    .returning()
  if (clientSecret) await keepSecret(ctx, place, row!.id, clientSecret)
  ctx.audit('identity_giver.created', `identity_giver:${row!.id}`, Object.keys(input))
  return present(place, await getGiver(ctx, row!.id))
}

export async function changeGiver(
  ctx: Ctx,
  place: Place,
  id: string,
  change: IdentityGiverChange,
): Promise<IdentityGiver> {
  assertHolds(ctx.actor, ['*'])
  const before = await getGiver(ctx, id)
  await refuseUnfit(ctx, { ...before, ...change })
  const { clientSecret, ...settings } = change
  // Else the secret would be told to whoever the new address belongs to.
  const isForgotten = clientSecret === null || (settings.issuer && settings.issuer !== before.issuer)
  if (Object.keys(change).length > 0) {
    await ctx.db
      .update(identityGivers)
      .set({ ...settings, secretSealed: isForgotten ? null : before.secretSealed })
      .where(eq(identityGivers.id, id))
    if (clientSecret) await keepSecret(ctx, place, id, clientSecret)
    ctx.audit('identity_giver.changed', `identity_giver:${id}`, Object.keys(change))
  }
  return present(place, await getGiver(ctx, id))
}

/** Who signed in through it keeps his account, and signs in by password or another giver. */
export async function deleteGiver(ctx: Ctx, id: string) {
  assertHolds(ctx.actor, ['*'])
  await getGiver(ctx, id)
  await ctx.db.delete(identityGivers).where(eq(identityGivers.id, id))
  ctx.audit('identity_giver.deleted', `identity_giver:${id}`)
}

export async function getGiver(ctx: Ctx, id: string): Promise<Giver> {
  const [row] = await ctx.db.select().from(identityGivers).where(eq(identityGivers.id, id))
  return found(row, 'identity_giver')
}

export async function getOpenGiver(ctx: Ctx, id: string): Promise<Giver> {
  const isOpen = and(eq(identityGivers.id, id), eq(identityGivers.isEnabled, true))
  const [row] = await ctx.db.select().from(identityGivers).where(isOpen)
  return found(row, 'identity_giver')
}

/** What the sign-in page offers. */
export async function listSignInWays(ctx: Ctx) {
  const open = await ctx.db
    .select()
    .from(identityGivers)
    .where(eq(identityGivers.isEnabled, true))
    .orderBy(asc(identityGivers.id))
  return {
    password: !open.some(({ isOnlyWay }) => isOnlyWay),
    givers: open.map(({ id, name }) => ({ id, name })),
  }
}

export const clientOf = ({ secrets, url }: Place, { id, clientId, secretSealed }: Giver): Client => ({
  id: clientId,
  secret: secretSealed && secrets.open(secretSealed, placeOf(id)),
  redirectUri: `${url}/api${returnPath}`,
})

const keepSecret = (ctx: Ctx, { secrets }: Place, id: string, secret: string) =>
  ctx.db
    .update(identityGivers)
    .set({ secretSealed: secrets.seal(secret, placeOf(id)) })
    .where(eq(identityGivers.id, id))

const placeOf = (row: string) => ({ table: sealedSecret.table, row, column: sealedSecret.column })

const present = ({ url }: Pick<Place, 'url'>, { secretSealed, ...giver }: Giver): IdentityGiver => ({
  ...giver,
  hasSecret: secretSealed !== null,
  redirectUri: `${url}/api${returnPath}`,
})

type Fit = Pick<Giver, 'joinsAs' | 'domains'> & { roleMap: ClaimMap; teamMap: ClaimMap }

async function refuseUnfit(ctx: Ctx, { joinsAs, domains, roleMap, teamMap }: Fit) {
  // Else everybody with an account at a giver for the whole world would be a colleague.
  if (joinsAs && domains.length === 0)
    throw invalid('domains_needed', 'Say whose addresses may join without an invitation.')
  if (joinsAs) await getRole(ctx, joinsAs)
  const [roleIds, teamIds] = [idsOf(roleMap), idsOf(teamMap)]
  if ((await ctx.db.$count(roles, inArray(roles.id, roleIds))) < roleIds.length)
    throw invalid('unknown_role', 'One of these roles does not exist.')
  if ((await ctx.db.$count(teams, inArray(teams.id, teamIds))) < teamIds.length)
    throw invalid('unknown_team', 'One of these teams does not exist.')
}

const idsOf = (map: ClaimMap) => [...new Set(map.map(({ id }) => id))]
