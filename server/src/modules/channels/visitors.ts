import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { uuidv7 } from '../../platform/columns.ts'
import type { Actor, Ctx } from '../../platform/context.ts'
import { forbidden, found, unauthorized } from '../../platform/errors.ts'
import { hashToken, newToken, type Secrets } from '../../platform/secrets.ts'
import type { Workplace } from '../../platform/work.ts'
import { noteContacts } from '../customers/identities.ts'
import { resolveCustomers } from '../customers/resolve.ts'
import { identities } from '../customers/tables.ts'
import { findStoreByKey } from '../settings/stores.ts'
import { type ChannelRow, findWebChat, secretsOf } from './channels.ts'
import { visitorEnded } from './events.ts'
import { readIdentity, type SignedIdentity } from './identity.ts'
import type { NewVisitorSession } from './schemas.ts'
import { visitors } from './tables.ts'
import { WebChatSettings } from './web-chat.ts'

const day = 86_400_000
const tokenLives = 30 * day
const useIsNotedEvery = 5 * 60_000
const tokenPrefix = 'afv_'
const source = 'web_chat'

/**
 * Lets a browser or app in as somebody: a user the shop vouches for, else the one its earlier token stands
 * for, else a stranger. The two kinds never meet by themselves: whoever changes from one to the other gets a
 * new token and the old one dies, and a stranger's history stays the stranger's.
 */
export async function openVisitorSession(ctx: Ctx, secrets: Secrets, input: NewVisitorSession) {
  const store = found(await findStoreByKey(ctx, input.store), 'store')
  const channel = found(await findWebChat(ctx, store.id), 'channel')
  const userId = input.identity ? vouchedFor(ctx, secrets, channel, input.identity, store.key) : null
  const earlier = input.token ? await findVisitor(ctx, channel.id, input.token) : undefined
  const { enforceIdentity } = WebChatSettings.parse(channel.settings)
  if (enforceIdentity && userId === null && !earlier?.verified)
    throw forbidden('identity_required', 'This chat is only for visitors the shop vouches for.')

  if (earlier && (userId === null || (earlier.kind === 'user' && earlier.value === userId))) {
    await seeAgain(ctx, earlier.id, input)
    const actor = actorOf({ ...earlier, storeId: store.id })
    if (input.identity) await leaveContact({ ...ctx, actor }, input.identity)
    return { token: input.token!, verified: earlier.verified, actor }
  }
  if (earlier) await endVisitor(ctx, earlier.id)
  return enter(ctx, channel, userId, input)
}

/** Who holds this token, or null. `bound` says what it is good for; everything else he may not touch. */
export async function visitorActor(place: Workplace, token: string | undefined): Promise<Actor | null> {
  if (!token?.startsWith(tokenPrefix)) return null
  const now = place.clock.now()
  const { rows } = await place.pool.query<VisitorRow & { lastSeenAt: Date }>({
    name: 'find-visitor',
    text: findSql,
    values: [hashToken(token), now],
  })
  const [visitor] = rows
  if (!visitor) return null
  if (now.getTime() - visitor.lastSeenAt.getTime() > useIsNotedEvery) await prolong(place, visitor.id, now)
  return actorOf(visitor)
}

/** The token in `Authorization: Bearer …`, where it is one of ours. */
export function visitorToken(authorization: string | undefined): string | undefined {
  const [, token] = /^Bearer (afv_[\w-]{1,100})$/i.exec(authorization ?? '') ?? []
  return token
}

export async function endVisitor(ctx: Ctx, id: string) {
  const [ended] = await ctx.db
    .update(visitors)
    .set({ endedAt: ctx.now })
    .where(and(eq(visitors.id, id), isNull(visitors.endedAt)))
    .returning({
      visitorId: visitors.id,
      identityId: visitors.identityId,
      channelId: visitors.channelId,
      storeId: sql<string>`(select store_id from channels where channels.id = channel_id)`,
    })
  if (ended) ctx.emit(visitorEnded, ended)
}

/** What the visitor says of himself. It is noted as his word and joins him to nobody; a name that is known stands. */
export async function leaveContact(ctx: Ctx, { name, email, phone }: Contact) {
  const [identity] = await ctx.db
    .select()
    .from(identities)
    .where(eq(identities.id, ctx.actor.bound!.identityId!))
  const { kind, scope, value, isVerified, customerId, blockedAt } = found(identity, 'identity')
  if (blockedAt) return
  if (name) await resolveCustomers(ctx, [{ kind, scope, value, verified: isVerified, name, source }])
  await noteContacts(ctx, [{ customerId, ...(email && { email }), ...(phone && { phone }), source }])
}

type Contact = { name?: string | undefined; email?: string | undefined; phone?: string | undefined }

function vouchedFor(
  ctx: Ctx,
  secrets: Secrets,
  channel: ChannelRow,
  identity: SignedIdentity,
  storeKey: string,
) {
  const userId = readIdentity(identity, storeKey, secretsOf(secrets, channel), ctx.now)
  if (userId === null)
    throw unauthorized('identity_invalid', 'The identity is not signed as it should be, or no longer.')
  return userId
}

async function findVisitor(ctx: Ctx, channelId: string, token: string) {
  const [visitor] = await ctx.db
    .select({
      id: visitors.id,
      channelId: visitors.channelId,
      identityId: visitors.identityId,
      verified: visitors.verified,
      customerId: identities.customerId,
      kind: identities.kind,
      value: identities.value,
    })
    .from(visitors)
    .innerJoin(identities, eq(identities.id, visitors.identityId))
    .where(
      and(
        eq(visitors.tokenHash, hashToken(token)),
        eq(visitors.channelId, channelId),
        isNull(visitors.endedAt),
        gt(visitors.expiresAt, ctx.now),
      ),
    )
  return visitor
}

async function enter(ctx: Ctx, channel: ChannelRow, userId: string | null, input: NewVisitorSession) {
  const stranger = { kind: 'visitor', scope: channel.id, value: newToken(), verified: false } as const
  const user = { kind: 'user', scope: channel.storeId, value: userId ?? '', verified: true } as const
  const [person] = await resolveCustomers(ctx, [
    { ...(userId === null ? stranger : user), language: input.locale, source },
  ])
  const { customerId, identityId } = person!
  const token = `${tokenPrefix}${newToken()}`
  const visitor = { id: uuidv7(), channelId: channel.id, identityId, verified: userId !== null }
  await ctx.db.insert(visitors).values({
    ...visitor,
    tokenHash: hashToken(token),
    createdAt: ctx.now,
    ...seen(ctx, input),
  })
  const actor = actorOf({ ...visitor, customerId, storeId: channel.storeId })
  if (input.identity) await leaveContact({ ...ctx, actor }, input.identity)
  return { token, verified: visitor.verified, actor }
}

const seeAgain = (ctx: Ctx, id: string, input: NewVisitorSession) =>
  ctx.db.update(visitors).set(seen(ctx, input)).where(eq(visitors.id, id))

const seen = ({ now }: Ctx, { locale, page }: NewVisitorSession) => ({
  locale,
  ...(page && { page }),
  lastSeenAt: now,
  expiresAt: new Date(now.getTime() + tokenLives),
})

type VisitorRow = { id: string; channelId: string; identityId: string; customerId: string; storeId: string }

const findSql = `select v.id, v.channel_id as "channelId", v.identity_id as "identityId", v.last_seen_at as "lastSeenAt",
  i.customer_id as "customerId", c.store_id as "storeId"
  from visitors v join identities i on i.id = v.identity_id join channels c on c.id = v.channel_id
  where v.token_hash = $1 and v.ended_at is null and v.expires_at > $2 and c.active`

const prolong = ({ db }: Workplace, id: string, now: Date) =>
  db
    .update(visitors)
    .set({ lastSeenAt: now, expiresAt: new Date(now.getTime() + tokenLives) })
    .where(eq(visitors.id, id))

const actorOf = ({ id, channelId, identityId, customerId, storeId }: VisitorRow): Actor => ({
  kind: 'visitor',
  id: customerId,
  name: '',
  permissions: new Set(),
  storeIds: [storeId],
  bound: { visitorId: id, identityId, channelId, storeId },
})
