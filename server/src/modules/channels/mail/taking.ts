import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { and, eq, inArray, lt, sql } from 'drizzle-orm'
import type { FetchMessageObject, ImapFlow } from 'imapflow'
import { type Ctx, system } from '../../../platform/context.ts'
import { Refusal } from '../../../platform/errors.ts'
import { transact, type Workplace } from '../../../platform/work.ts'
import { acceptInbound } from '../accepting.ts'
import type { Traffic } from '../tables.ts'
import { tellMailComes } from './expecting.ts'
import { MailFailure } from './failures.ts'
import { rangeOf } from './imap-session.ts'
import type { FetchedChannel, Folder } from './mailbox-state.ts'
import { senderLine } from './sender-line.ts'
import { mailFolders, mailSightings, mailUnfetched } from './tables.ts'

export type Taking = {
  place: Workplace
  channel: FetchedChannel
  client: ImapFlow
  folder: Folder
  /** UIDs a session was asked for when it ended: perhaps because of one of them. Outlives the session. */
  suspects: Set<number>
}

/** Above it a mail goes to the file store in pieces and never lies in memory whole. */
const smallBytes = 256 * 1024
const batchBytes = 4 * 1024 * 1024
const pieceBytes = 256 * 1024
const headBytes = 64 * 1024
const triesInARow = 3

/**
 * Brings these mails into the ledger and only then notes that they were seen, and how far the folder is read.
 * Reading changes nothing at the server. One that it will not hand over is noted and does not stop the others.
 */
export async function takeMails(taking: Taking, uids: readonly number[], { upTo }: { upTo?: number } = {}) {
  const { place, suspects } = taking
  if (uids.length > 0) {
    await place.disk.assertRoom()
    tellMailComes(place)
  }
  if (!uids.some(uid => suspects.has(uid))) {
    for (const uid of uids) suspects.add(uid)
    await orOneByOne(taking, uids, async () => {
      for (const batch of batchesOf(await listMails(taking, uids)))
        await orOneByOne(taking, uidsOf(batch), () => takeBatch(taking, batch))
    })
    // What the server did not list has gone meanwhile.
    for (const uid of uids) suspects.delete(uid)
  } else {
    for (const uid of uids) await takeOne(taking, uid)
  }
  if (upTo !== undefined) await transact(place, system, ctx => moveCursor(ctx, taking.folder, upTo))
}

/** A server that says no to many at once may say it because of one. */
async function orOneByOne(taking: Taking, uids: readonly number[], take: () => Promise<void>) {
  try {
    await take()
  } catch (error) {
    if (!isServersNo(error)) throw error
    for (const uid of uids) taking.suspects.delete(uid)
    for (const uid of uids) await takeOne(taking, uid)
  }
}

async function listMails({ client }: Taking, uids: readonly number[]) {
  if (uids.length === 0) return []
  const listed = await client.fetchAll(rangeOf(uids), about, { uid: true })
  assertThere(client)
  return listed
}

const uidsOf = (batch: readonly FetchMessageObject[]) => batch.map(mail => mail.uid)

const about = { uid: true, size: true, internalDate: true, flags: true }

/** What lay in the folder before us is history, unless it is so new and unanswered that somebody waits for us. */
export function trafficOf({ folder }: Pick<Taking, 'folder'>, mail: FetchMessageObject): Traffic {
  if (mail.uid > folder.historyUntilUid) return 'mail'
  const isRecent = mail.internalDate !== undefined && new Date(mail.internalDate) >= folder.liveSince
  return isRecent && !mail.flags?.has('\\Answered') ? 'mail' : 'history'
}

function batchesOf(listed: readonly FetchMessageObject[]) {
  const batches: FetchMessageObject[][] = []
  let room = 0
  for (const mail of listed.toSorted((a, b) => a.uid - b.uid)) {
    const size = mail.size ?? 0
    const isAlone = size > smallBytes
    if (room < size || isAlone) batches.push([])
    room = isAlone ? 0 : (room < size ? batchBytes : room) - size
    batches.at(-1)!.push(mail)
  }
  return batches
}

type Taken = { uid: number; sha256: string; isOver: boolean }

async function takeBatch(taking: Taking, batch: readonly FetchMessageObject[]) {
  const isLarge = batch.some(mail => (mail.size ?? 0) > smallBytes)
  if (isLarge) for (const mail of batch) await takeAlone(taking, mail)
  else await noteSightings(taking, await takeTogether(taking, batch))
}

/** They are stored while the next are still being read; what is waited for is that all are on disk. */
async function takeTogether(taking: Taking, batch: readonly FetchMessageObject[]) {
  const mails = new Map(batch.map(mail => [mail.uid, mail]))
  const accepted: Promise<Taken>[] = []
  try {
    for await (const { uid, source } of taking.client.fetch(
      rangeOf([...mails.keys()]),
      { uid: true, source: true },
      { uid: true },
    )) {
      const mail = mails.get(uid)
      if (!mail || !source?.length) continue
      mails.delete(uid)
      const stored = accept(taking, mail, source)
      // Looked at below; until then a failure must not count as one that nobody looks at.
      stored.catch(() => {})
      accepted.push(stored)
    }
  } finally {
    await Promise.allSettled(accepted)
  }
  assertThere(taking.client)
  const taken = await Promise.all(accepted)
  for (const mail of mails.values()) await noteUnfetched(taking, mail.uid, 'no_content')
  return taken
}

/** A suspect is counted before it is asked for: whoever ends the session with it leaves nobody to tell. */
async function takeOne(taking: Taking, uid: number) {
  const isSuspect = taking.suspects.has(uid)
  if (isSuspect && (await noteUnfetched(taking, uid, 'session_ended')) > triesInARow)
    return void taking.suspects.delete(uid)
  for (let tries = 1; ; tries++) {
    try {
      for (const mail of await listMails(taking, [uid])) await takeAlone(taking, mail)
      return void taking.suspects.delete(uid)
    } catch (error) {
      if (!isServersNo(error) || !taking.client.usable) throw error
      if (tries < triesInARow) continue
      taking.suspects.delete(uid)
      return void (await noteUnfetched(taking, uid, wordsOf(error)))
    }
  }
}

async function takeAlone(taking: Taking, mail: FetchMessageObject) {
  if ((mail.size ?? 0) > taking.channel.settings.maxBytes) return noteUnfetched(taking, mail.uid, 'too_large')
  try {
    await noteSightings(taking, [await takeInPieces(taking, mail)])
  } catch (error) {
    if (error instanceof NoContent) return noteUnfetched(taking, mail.uid, 'no_content')
    if (!isTooLarge(error)) throw error
    return noteUnfetched(taking, mail.uid, 'too_large')
  }
}

async function takeInPieces(taking: Taking, mail: FetchMessageObject): Promise<Taken> {
  const pieces = readPieces(taking.client, mail.uid)
  const first = await pieces.next()
  if (first.done) throw new NoContent()
  if (first.value.length < pieceBytes) return accept(taking, mail, first.value)
  const whole = Readable.from(chain(first.value, pieces))
  const rawFile = await taking.place.files.put(whole, { maxBytes: taking.channel.settings.maxBytes })
  await acceptInbound(taking.place, taking.channel, {
    externalId: rawFile.sha256,
    line: senderLine(first.value.subarray(0, headBytes)),
    raw: Buffer.alloc(0),
    rawFile,
    headers: {},
    traffic: trafficOf(taking, mail),
  })
  return takenOf(taking, mail, rawFile.sha256)
}

async function* readPieces(client: ImapFlow, uid: number) {
  for (let start = 0; ; ) {
    const source = { start, maxLength: pieceBytes }
    const answer = await client.fetchOne(String(uid), { uid: true, source }, { uid: true })
    assertThere(client)
    const piece = answer ? answer.source : undefined
    if (piece?.length) yield piece
    // Some servers (Tencent Exmail) answer with the whole mail whatever part was asked for.
    if (piece?.length !== pieceBytes) return
    start += piece.length
  }
}

async function* chain(first: Buffer, rest: AsyncIterable<Buffer>) {
  yield first
  yield* rest
}

async function accept(taking: Taking, mail: FetchMessageObject, raw: Buffer): Promise<Taken> {
  const sha256 = createHash('sha256').update(raw).digest('hex')
  await acceptInbound(taking.place, taking.channel, {
    externalId: sha256,
    line: senderLine(raw),
    raw,
    headers: {},
    traffic: trafficOf(taking, mail),
  })
  return takenOf(taking, mail, sha256)
}

/** History is left as it lay: what the operator wants afterwards is done to what came since, and what is live. */
const takenOf = (taking: Taking, mail: FetchMessageObject, sha256: string): Taken => ({
  uid: mail.uid,
  sha256,
  isOver: taking.channel.settings.afterwards === 'keep' || trafficOf(taking, mail) === 'history',
})

async function noteSightings({ place, folder }: Taking, taken: readonly Taken[]) {
  if (taken.length === 0) return
  const { id: folderId, uidValidity } = folder
  await transact(place, system, async ctx => {
    await ctx.db
      .insert(mailSightings)
      .values(
        taken.map(({ uid, sha256, isOver }) => ({
          folderId,
          uidValidity,
          uid,
          sha256,
          seenAt: ctx.now,
          settledAt: isOver ? ctx.now : null,
        })),
      )
      .onConflictDoNothing()
    await ctx.db.delete(mailUnfetched).where(
      and(
        eq(mailUnfetched.folderId, folderId),
        inArray(
          mailUnfetched.uid,
          taken.map(t => t.uid),
        ),
      ),
    )
  })
}

/** Never back: two sessions may overlap for a moment when one takes over from another. */
async function moveCursor(ctx: Ctx, { id, uidValidity }: Folder, upTo: number) {
  await ctx.db
    .update(mailFolders)
    .set({ lastUid: upTo })
    .where(
      and(eq(mailFolders.id, id), eq(mailFolders.uidValidity, uidValidity), lt(mailFolders.lastUid, upTo)),
    )
}

async function noteUnfetched({ place, folder }: Taking, uid: number, reason: string): Promise<number> {
  return transact(place, system, async ctx => {
    const [row] = await ctx.db
      .insert(mailUnfetched)
      .values({
        folderId: folder.id,
        uidValidity: folder.uidValidity,
        uid,
        attempts: 1,
        reason,
        triedAt: ctx.now,
      })
      .onConflictDoUpdate({
        target: [mailUnfetched.folderId, mailUnfetched.uidValidity, mailUnfetched.uid],
        set: { attempts: sql`${mailUnfetched.attempts} + 1`, reason, triedAt: ctx.now },
      })
      .returning({ attempts: mailUnfetched.attempts })
    return row!.attempts
  })
}

class NoContent extends Error {}

const isTooLarge = (error: unknown) => error instanceof Refusal && error.code === 'file_too_large'

const isServersNo = (error: unknown) =>
  ['NO', 'BAD'].includes((error as { responseStatus?: string }).responseStatus ?? '')

const wordsOf = (error: unknown) =>
  ((error as { responseText?: string }).responseText || 'server_refused')
    .replaceAll('\u0000', '')
    .slice(0, 500)

/** The library answers nothing, and no error, when the session is gone: that must not pass for an empty folder. */
function assertThere(client: ImapFlow) {
  if (!client.usable || !client.mailbox) throw new MailFailure('disconnected', 'The session ended meanwhile.')
}
