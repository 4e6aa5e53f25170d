import { sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { channels } from '../tables.ts'
import { MailSettings } from './settings.ts'

export type Recipient = { id: string; storeId: string; maxBytes: number }

/**
 * Whose mailbox an address is: that of every active mail channel that has it, or what stands before its plus, as
 * address or alias. Nobody's: such a mail is not for us and is passed on to nobody.
 */
export async function findRecipients(ctx: Ctx, address: string): Promise<Recipient[]> {
  const forms = [...new Set([address.toLowerCase(), withoutDetail(address.toLowerCase())])]
  const isOurs = sql`(${channels.settings} ->> 'address' = any(${sql.param(forms)}::text[])
    or ${channels.settings} -> 'aliases' ?| ${sql.param(forms)}::text[])`
  const rows = await ctx.db
    .select()
    .from(channels)
    .where(sql`${channels.kind} = 'mail' and ${channels.active} and ${isOurs}`)
  return rows.map(({ id, storeId, settings }) => ({
    id,
    storeId,
    maxBytes: MailSettings.parse(settings).maxBytes,
  }))
}

const withoutDetail = (address: string) => address.replace(/^([^+@]+)\+[^@]*@/, '$1@')
