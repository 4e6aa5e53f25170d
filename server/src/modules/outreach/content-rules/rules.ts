import { and, asc, desc, eq, isNull } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { conflict, found, invalid } from '../../../platform/errors.ts'
import { assertSeesStores } from '../../staff/roles.ts'
import type { ContentRuleChange } from './schemas.ts'
import seeded from './seeded.json' with { type: 'json' }
import { contentRules, type Detector, type RuleWords, type Severity } from './tables.ts'

export type RuleRow = typeof contentRules.$inferSelect

/** The newest version of each first, then those that have ended. */
export async function listContentRules(ctx: Ctx) {
  const rows = await ctx.db
    .select()
    .from(contentRules)
    .orderBy(asc(contentRules.code), desc(contentRules.version))
  return rows.map(row => present(ctx, row))
}

/** Ends the present version and begins the next one. */
export async function changeContentRule(ctx: Ctx, id: string, change: ContentRuleChange) {
  const changed = Object.keys(change)
  const [row] = await ctx.db.select().from(contentRules).where(eq(contentRules.id, id))
  const before = found(row, 'content_rule')
  assertSeesStores(ctx.actor, null)
  if (changed.length === 0) return present(ctx, before)
  if (change.verifiedAt && Date.parse(change.verifiedAt) > ctx.now.getTime() + 14 * hour)
    throw invalid('verified_in_future', 'Nobody can have verified this on a day to come.')
  const [ended] = await ctx.db
    .update(contentRules)
    .set({ effectiveTo: ctx.now })
    .where(and(eq(contentRules.id, id), isNull(contentRules.effectiveTo)))
    .returning()
  if (!ended)
    throw conflict('changed_meanwhile', 'This version of the rule has ended; change the present one.')
  const { id: _, ...terms } = ended
  const [rule] = await ctx.db
    .insert(contentRules)
    .values({
      ...terms,
      ...change,
      version: ended.version + 1,
      effectiveFrom: ctx.now,
      effectiveTo: null,
      createdAt: ctx.now,
    })
    .returning()
  ctx.audit('content_rule.changed', `content_rule:${rule!.id}`, changed)
  return present(ctx, rule!)
}

/** What a new house starts with; repeated at every start without effect, also once it was changed. */
export async function seedContentRules(ctx: Ctx) {
  await ctx.db
    .insert(contentRules)
    .values(
      seeded.rules.map(rule => ({
        ...rule,
        detector: rule.detector as Detector,
        severity: rule.severity as Severity,
        words: rule.words as RuleWords,
        isActive: true,
        version: 1,
        verifiedAt: seeded.verifiedAt,
        effectiveFrom: new Date(0),
      })),
    )
    .onConflictDoNothing()
}

const hour = 3_600_000
const staleAfter = 180 * 24 * hour

const present = (ctx: Ctx, { createdAt: _, ...rule }: RuleRow) => ({
  ...rule,
  isStale: ctx.now.getTime() - Date.parse(rule.verifiedAt) > staleAfter,
})
