import { eq } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { invalid } from '../../../platform/errors.ts'
import { channels } from '../../channels/tables.ts'
import { type Draft, detect } from './detecting.ts'
import { rulesInForce } from './rules.ts'
import type { Finding } from './schemas.ts'

export type Saying = Draft & { channelId: string }

/** What the rules of this channel find in a text, the worst first. It changes nothing. */
export async function checkContent(ctx: Ctx, saying: Saying): Promise<Finding[]> {
  const codes = await codesOf(ctx, saying.channelId)
  const rules = (await rulesInForce(ctx)).filter(({ channels }) => channels.some(code => codes.has(code)))
  const found = await Promise.all(
    rules.map(async ({ code, detector, severity, words, source }) => {
      const pieces = [...new Set(await detect[detector](saying, words))].slice(0, mostPieces)
      return pieces.length > 0 ? [{ rule: code, severity, pieces, source }] : []
    }),
  )
  return found.flat().sort((a, b) => a.severity.localeCompare(b.severity))
}

/** Refuses what must not be said there, whoever says it; what is only warned of goes. */
export async function refuseForbiddenContent(ctx: Ctx, saying: Saying) {
  const findings = (await checkContent(ctx, saying)).filter(({ severity }) => severity === 'block')
  if (findings.length > 0)
    throw invalid('content_forbidden', 'A rule of this channel forbids what is written here.', { findings })
}

const mostPieces = 10

/** What rules may call a channel: all, its kind, its marketplace, and any marketplace. */
async function codesOf(ctx: Ctx, channelId: string): Promise<Set<string>> {
  const [channel] = await ctx.db
    .select({ kind: channels.kind, settings: channels.settings })
    .from(channels)
    .where(eq(channels.id, channelId))
  const marketplace = (channel?.settings as { marketplace?: string | null } | undefined)?.marketplace
  return new Set(['*', channel?.kind ?? '', ...(marketplace ? ['marketplaces', marketplace] : [])])
}
