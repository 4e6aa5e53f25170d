import { and, eq, inArray } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import type { InboundMessage } from '../../channels/adapter.ts'
import { normaliseEmail } from '../../customers/normalise.ts'
import { identities } from '../../customers/tables.ts'

/** Which of these addresses belong to customers we know by them for certain. */
export async function findVerifiedEmails(
  ctx: Ctx,
  asked: readonly InboundMessage['identity'][],
): Promise<ReadonlySet<string>> {
  const spelt = new Map(
    asked.flatMap(({ kind, value }) => (kind === 'email' ? [[normaliseEmail(value) ?? value, value]] : [])),
  )
  if (spelt.size === 0) return new Set()
  const rows = await ctx.db
    .select({ value: identities.value })
    .from(identities)
    .where(
      and(
        eq(identities.kind, 'email'),
        eq(identities.isVerified, true),
        inArray(identities.value, [...spelt.keys()]),
      ),
    )
  return new Set(rows.map(row => spelt.get(row.value)!))
}
