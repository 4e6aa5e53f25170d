import { eq, inArray, sql } from 'drizzle-orm'
import { maskCardNumbers } from '../../platform/card-numbers.ts'
import { type Ctx, system } from '../../platform/context.ts'
import { files } from '../../platform/files.ts'
import { enqueue, type Job } from '../../platform/queue.ts'
import { lookingContext } from '../../platform/work.ts'
import { inbound } from './tables.ts'

const job = 'channels.remove-scrubbed-file'

/**
 * Takes the numbers of payment cards out of what these items came as. Where they do not stand in the bytes as
 * they are read, encoded say, or the bytes lie in a file, the whole original goes: its text is kept elsewhere.
 */
export async function scrubInbound(ctx: Ctx, ids: readonly number[]) {
  if (ids.length === 0) return
  const items = await ctx.db
    .select({ id: inbound.id, raw: inbound.raw, rawFile: inbound.rawFile })
    .from(inbound)
    .where(inArray(inbound.id, [...ids]))
  for (const { id, raw, rawFile } of items) {
    await ctx.db
      .update(inbound)
      .set({ raw: scrubbed(raw), rawFile: null })
      .where(eq(inbound.id, id))
    if (rawFile) await removeLater(ctx, rawFile.sha256)
    ctx.audit('inbound.scrubbed', `inbound:${id}`, ['raw'])
  }
}

/** The file store asks that nobody was putting the same content there within the last hour. */
const removeLater = (ctx: Ctx, sha256: string) =>
  enqueue(ctx, job, { sha256 }, { key: `${job} ${sha256}`, runAt: new Date(ctx.now.getTime() + 61 * minute) })

const minute = 60_000

function scrubbed(raw: Buffer): Buffer {
  // Byte by byte: a mail may be of many charsets, and the dots of a mask are in none of them.
  const text = raw.toString('latin1')
  const masked = maskCardNumbers(text)
  return masked === text ? Buffer.alloc(0) : Buffer.from(masked.replaceAll('•', '*'), 'latin1')
}

/** The same mail may have come to two mailboxes, or have been attached to another. */
export const removeScrubbedFiles: Job = {
  name: job,
  async run(place, { sha256 }: { sha256: string }) {
    const { db } = lookingContext(place, system)
    const { rows } = await db.execute(sql`
      select 1 from inbound where raw_file ->> 'sha256' = ${sha256}
      union all select 1 from ${files} where sha256 = ${sha256} limit 1`)
    if (rows.length === 0) await place.files.remove(sha256)
  },
}
