import { and, eq, gte, ne, not, or, sql } from 'drizzle-orm'
import { system } from '../../../platform/context.ts'
import { lookingContext, transact } from '../../../platform/work.ts'
import { searchUids } from './imap-session.ts'
import { mailFolders, mailSightings, mailUnfetched } from './tables.ts'
import type { Taking } from './taking.ts'

/** A mail over which so many sessions ended is asked for only by a comparison, once each time, as a refused one is. */
const attemptsBeforeResting = 3

export type Comparison = {
  /** Not held, in the order they are to be fetched: first what somebody may be waiting for. */
  missing: number[]
  /** Those of them that came after the first look: they should have been here. */
  overlooked: number[]
}

/**
 * Lays the server's list beside ours without fetching a mail. What counts is everything that came since the first
 * look and, of what lay there then, what is not older than was asked for. At the first look this is the list of
 * all there is to do. `repaired`: what the comparison before found and was fetched since.
 */
export async function compareFolder(
  taking: Taking,
  { withRefused = false, repairs = [] as readonly number[] } = {},
): Promise<Comparison> {
  const { client, folder } = taking
  const { historyUntilUid, historySince, liveSince } = folder
  const history = historyUntilUid > 0 ? `1:${historyUntilUid}` : null
  const old = history ? await searchUids(client, { uid: history, since: historySince }) : []
  const waiting = history ? await searchUids(client, { uid: history, since: liveSince, answered: false }) : []
  // A range that begins above the last mail names the last mail.
  const since = (await searchUids(client, { uid: `${historyUntilUid + 1}:*` })).filter(
    uid => uid > historyUntilUid,
  )
  const listed = [...old, ...since]
  const { held, resting } = await readHeld(taking)
  const isMissing = (uid: number) => !held.has(uid) && (withRefused || !resting.has(uid))
  const wanted = new Set(old)
  const first = new Set(waiting.filter(uid => isMissing(uid) && wanted.has(uid)))
  const missing = [
    ...since.filter(isMissing),
    ...first,
    ...old.filter(uid => isMissing(uid) && !first.has(uid)),
  ]
  await forgetGone(taking, listed)
  await noteComparison(taking, {
    serverCount: listed.length,
    heldCount: listed.filter(uid => held.has(uid)).length,
    repaired: repairs.filter(uid => held.has(uid)).length,
  })
  return { missing, overlooked: since.filter(uid => uid <= folder.lastUid && isMissing(uid)) }
}

async function readHeld({ place, folder }: Taking) {
  const { db } = lookingContext(place, system)
  const held = await db
    .select({ uid: mailSightings.uid })
    .from(mailSightings)
    .where(and(eq(mailSightings.folderId, folder.id), eq(mailSightings.uidValidity, folder.uidValidity)))
  const resting = await db
    .select({ uid: mailUnfetched.uid })
    .from(mailUnfetched)
    .where(
      and(
        eq(mailUnfetched.folderId, folder.id),
        eq(mailUnfetched.uidValidity, folder.uidValidity),
        or(ne(mailUnfetched.reason, 'session_ended'), gte(mailUnfetched.attempts, attemptsBeforeResting)),
      ),
    )
  return { held: new Set(held.map(row => row.uid)), resting: new Set(resting.map(row => row.uid)) }
}

/** What the server would not hand over and does not list any more needs nobody's eye. */
async function forgetGone({ place, folder }: Taking, listed: readonly number[]) {
  const isListed = sql`${mailUnfetched.uid} = any(${sql.param(listed)}::bigint[])`
  await transact(place, system, ctx =>
    ctx.db.delete(mailUnfetched).where(and(eq(mailUnfetched.folderId, folder.id), not(isListed))),
  )
}

async function noteComparison(
  { place, folder }: Taking,
  { repaired, ...counts }: { serverCount: number; heldCount: number; repaired: number },
) {
  await transact(place, system, async ctx => {
    await ctx.db
      .update(mailFolders)
      .set({
        ...counts,
        comparedAt: ctx.now,
        repairedCount: sql`${mailFolders.repairedCount} + ${repaired}`,
      })
      .where(and(eq(mailFolders.id, folder.id), eq(mailFolders.uidValidity, folder.uidValidity)))
    // UIDs of before a renumbering say nothing any more, once all is found under the new ones.
    if (counts.serverCount !== counts.heldCount) return
    for (const table of [mailSightings, mailUnfetched])
      await ctx.db
        .delete(table)
        .where(and(eq(table.folderId, folder.id), ne(table.uidValidity, folder.uidValidity)))
  })
}
