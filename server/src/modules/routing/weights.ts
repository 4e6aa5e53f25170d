import { asc, desc, lte } from 'drizzle-orm'
import type { Ctx } from '../../platform/context.ts'
import { assertSeesStores } from '../staff/roles.ts'
import { weightsChanged } from './events.ts'
import { channelWeights, weighedKinds } from './tables.ts'

export type WeighedKind = (typeof weighedKinds)[number]

/** Units by kind of channel. */
export type Weights = ReadonlyMap<string, number>

/** What a conversation of this kind takes of an agent. */
export const unitsOf = (weights: Weights, channelKind: string) =>
  weights.get(channelKind) ?? weights.get('other') ?? 0

export async function weightsInForce(ctx: Ctx): Promise<Weights> {
  const rows = await selectInForce(ctx)
  return new Map(rows.map(({ channelKind, units }) => [channelKind, units]))
}

export const listWeights = async (ctx: Ctx) => {
  const rows = await selectInForce(ctx)
  return rows.toSorted((a, b) => weighedKinds.indexOf(a.channelKind) - weighedKinds.indexOf(b.channelKind))
}

/** From now on a conversation of this kind weighs so much; what an agent holds is weighed anew. */
export async function changeWeight(
  ctx: Ctx,
  channelKind: WeighedKind,
  { units, source }: { units: number; source: string },
) {
  assertSeesStores(ctx.actor, null)
  await ctx.db
    .insert(channelWeights)
    .values({ channelKind, units, source, effectiveFrom: ctx.now, createdAt: ctx.now })
    .onConflictDoUpdate({
      target: [channelWeights.channelKind, channelWeights.effectiveFrom],
      set: { units, source },
    })
  ctx.emit(weightsChanged, {})
  ctx.audit('channel_weight.changed', `channel_weight:${channelKind}`, ['units'])
  return (await listWeights(ctx)).find(row => row.channelKind === channelKind)!
}

const source = 'Afar routing: five chats, fifteen mails or one call and a chat fill an agent of 150'
const seeded = { call: 100, web_chat: 30, mail: 10, other: 20 }

export async function seedWeights(ctx: Ctx) {
  await ctx.db
    .insert(channelWeights)
    .values(
      weighedKinds.map(channelKind => ({
        channelKind,
        units: seeded[channelKind],
        source,
        effectiveFrom: new Date(0),
      })),
    )
    .onConflictDoNothing()
}

const selectInForce = (ctx: Ctx) =>
  ctx.db
    .selectDistinctOn([channelWeights.channelKind], {
      channelKind: channelWeights.channelKind,
      units: channelWeights.units,
      source: channelWeights.source,
      effectiveFrom: channelWeights.effectiveFrom,
    })
    .from(channelWeights)
    .where(lte(channelWeights.effectiveFrom, ctx.now))
    .orderBy(asc(channelWeights.channelKind), desc(channelWeights.effectiveFrom))
