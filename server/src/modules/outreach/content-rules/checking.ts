import { sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { executeNamed } from '../../../platform/db.ts'
import { invalid } from '../../../platform/errors.ts'
import { type Draft, detect, type Facts } from './detecting.ts'
import type { RuleRow } from './rules.ts'
import type { Finding } from './schemas.ts'

/** `facts` are asked for only where a rule needs them. */
export type Saying = Omit<Draft, keyof Facts> & { channelId: string; facts: () => Promise<Facts> }

/** What the rules of this channel find in a text, the worst first. It changes nothing. */
export const checkContent = async (ctx: Ctx, saying: Saying): Promise<Finding[]> =>
  find(saying, await rulesFor(ctx, saying.channelId))

/** Refuses what must not be said there, whoever says it; what is only warned of goes. */
export async function refuseForbiddenContent(ctx: Ctx, saying: Saying) {
  const rules = await rulesFor(ctx, saying.channelId)
  const findings = await find(
    saying,
    rules.filter(({ severity }) => severity === 'block'),
  )
  if (findings.length > 0)
    throw invalid('content_forbidden', 'A rule of this channel forbids what is written here.', { findings })
}

type Rule = Pick<RuleRow, 'code' | 'detector' | 'severity' | 'words' | 'source'>

const mostPieces = 10
const needFacts: readonly string[] = ['unkept_promise', 'language']
const nobody: Facts = { customerLanguage: null, hasPromise: false }

async function find(saying: Saying, rules: readonly Rule[]): Promise<Finding[]> {
  const facts = rules.some(({ detector }) => needFacts.includes(detector)) ? await saying.facts() : nobody
  const found = await Promise.all(
    rules.map(async ({ code, detector, severity, words, source }) => {
      const pieces = [...new Set(await detect[detector]({ ...saying, ...facts }, words))].slice(0, mostPieces)
      return pieces.length > 0 ? [{ rule: code, severity, pieces, source }] : []
    }),
  )
  return found.flat().sort((a, b) => a.severity.localeCompare(b.severity))
}

/** Rules may call a channel: all, its kind, its marketplace, or any marketplace. Asked with every reply. */
async function rulesFor(ctx: Ctx, channelId: string): Promise<Rule[]> {
  const { rows } = await executeNamed<Rule>(
    ctx.db,
    'content-rules-for',
    sql`
    select r.code, r.detector, r.severity, r.words, r.source
    from channels c join content_rules r on r.channels && array['*', c.kind, c.settings ->> 'marketplace',
      case when c.settings ->> 'marketplace' is not null then 'marketplaces' end]
    where c.id = ${channelId} and r.effective_to is null and r.is_active
    order by r.code`,
  )
  return rows
}
