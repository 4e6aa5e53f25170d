import { and, asc, eq, inArray, isNull } from 'drizzle-orm'
import type { ImapFlow } from 'imapflow'
import { system } from '../../../platform/context.ts'
import { lookingContext, transact } from '../../../platform/work.ts'
import { MailFailure } from './failures.ts'
import { rangeOf } from './imap-session.ts'
import type { FetchedChannel } from './mailbox-state.ts'
import { mailSightings } from './tables.ts'
import type { Taking } from './taking.ts'

const atOnce = 200

export const changesSource = ({ settings }: FetchedChannel) => settings.afterwards !== 'keep'

/**
 * Does at the server what the operator wants done to mail that is safe here: only what has a sighting, which is
 * written after the ledger. What a crash left undone is still unsettled, and doing it again changes nothing.
 */
export async function settleTaken(taking: Taking) {
  for (;;) {
    const uids = await unsettled(taking)
    if (uids.length === 0) return
    await settle(taking, rangeOf(uids))
    await transact(taking.place, system, ctx =>
      ctx.db
        .update(mailSightings)
        .set({ settledAt: ctx.now })
        .where(and(isOf(taking), inArray(mailSightings.uid, uids))),
    )
  }
}

async function settle({ client, channel }: Taking, range: string) {
  const { afterwards, moveTo } = channel.settings
  if (afterwards === 'mark_read') await must(client, client.messageFlagsAdd(range, ['\\Seen'], { uid: true }))
  if (afterwards === 'delete') await remove(client, range)
  if (afterwards === 'move' && moveTo) await move(client, range, moveTo)
}

/** Without UIDPLUS an EXPUNGE would also take what a person has only marked; then marking is all we do. */
async function remove(client: ImapFlow, range: string) {
  if (client.capabilities.has('UIDPLUS')) await must(client, client.messageDelete(range, { uid: true }))
  else await must(client, client.messageFlagsAdd(range, ['\\Deleted'], { uid: true }))
}

async function move(client: ImapFlow, range: string, to: string) {
  const isSafe = client.capabilities.has('MOVE') || client.capabilities.has('UIDPLUS')
  const moved = isSafe
    ? await client.messageMove(range, to, { uid: true })
    : await client.messageCopy(range, to, { uid: true })
  if (!moved)
    throw client.usable
      ? new MailFailure('move_folder_missing', `The mails could not be moved to “${to}”.`)
      : lost()
  if (!isSafe) await must(client, client.messageFlagsAdd(range, ['\\Deleted'], { uid: true }))
}

/** The library answers false where the server said no. */
async function must(client: ImapFlow, work: Promise<boolean>) {
  if (await work) return
  throw client.usable ? new MailFailure('server_refused', 'The server did not change its mails.') : lost()
}

const lost = () => new MailFailure('disconnected', 'The session ended meanwhile.')

async function unsettled(taking: Taking): Promise<number[]> {
  const rows = await lookingContext(taking.place, system)
    .db.select({ uid: mailSightings.uid })
    .from(mailSightings)
    .where(and(isOf(taking), isNull(mailSightings.settledAt)))
    .orderBy(asc(mailSightings.uid))
    .limit(atOnce)
  return rows.map(row => row.uid)
}

const isOf = ({ folder }: Taking) =>
  and(eq(mailSightings.folderId, folder.id), eq(mailSightings.uidValidity, folder.uidValidity))
