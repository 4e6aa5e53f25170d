import { uuidv7 } from '../../../platform/columns.ts'
import type { Ctx } from '../../../platform/context.ts'
import { cleanFileName } from '../../../platform/file-names.ts'
import { files } from '../../../platform/files.ts'
import { insertRows } from '../../../platform/insert-rows.ts'
import type { Mail } from '../../../platform/mail/mail.ts'
import type { InboundHead } from '../../channels/ledger.ts'
import type { Placed } from '../incoming.ts'
import type { Attachment } from '../tables.ts'
import { type mailDirections, mailParticipants, mails } from './tables.ts'
import { type Letter, type MailThread, participantsOf } from './threading.ts'

type Kept = { attachments: Attachment[]; fileRows: (typeof files.$inferInsert)[] }

/** Names for what a mail carries; the contents lie in the file store already. `keepMails` stores them. */
export async function keepMailFiles(ctx: Ctx, letters: readonly Letter[]): Promise<Kept[]> {
  return letters.map(({ mail }) => {
    const fileRows = mail.attachments.map(({ name, type, size, sha256, width, height }) => ({
      ...{ id: uuidv7(), sha256, name: cleanFileName(name), type, size, width, height },
      ...{ uploadedByKind: 'system' as const, createdAt: ctx.now },
    }))
    const attachments = fileRows.map(({ id, name, type, size, width, height }, n) => ({
      ...{ fileId: id, name, type, size, width, height },
      ...(mail.attachments[n]!.isInline && { contentId: mail.attachments[n]!.contentId }),
    }))
    return { attachments, fileRows }
  })
}

type Placing = Letter & Kept & { item: InboundHead; placed: Placed; threadedBy: MailThread['by'] }

/** Stores what a message is as a mail, who takes part, and whose conversation the files belong to. */
export async function keepMails(ctx: Ctx, letters: readonly Placing[]) {
  await insertRows(
    ctx.db,
    mails,
    letters.map(({ channelId, mail, item, placed, threadedBy }) => ({
      ...describe(mail),
      messageId: placed.messageId,
      channelId,
      direction: 'in' satisfies (typeof mailDirections)[number],
      inboundId: item.id,
      threadedBy,
    })),
  )
  await insertRows(
    ctx.db,
    files,
    letters.flatMap(({ fileRows, placed }) =>
      fileRows.map(row => ({ ...row, conversationId: placed.conversationId })),
    ),
  )
  await addParticipants(
    ctx,
    letters.flatMap(letter =>
      participantsOf(letter).map(address => ({ conversationId: letter.placed.conversationId, address })),
    ),
  )
}

export async function addParticipants(
  ctx: Ctx,
  rows: readonly { conversationId: string; address: string }[],
) {
  if (rows.length > 0)
    await ctx.db
      .insert(mailParticipants)
      .values([...rows])
      .onConflictDoNothing()
}

const describe = (mail: Mail) => ({
  mailId: mail.messageId && mail.messageId.length <= longestId ? mail.messageId : null,
  subject: mail.subject.slice(0, longestSubject),
  sender: mail.from,
  to: mail.to.slice(0, mostPeople),
  cc: mail.cc.slice(0, mostPeople),
  sentAt: mail.date,
  segments: mail.segments,
  html: mail.html,
  authentication: mail.authentication,
  automatic: mail.automatic,
  returnPath: mail.returnPath,
  replyTo: mail.replyTo.slice(0, mostPeople),
  findings: mail.findings,
})

// An index entry holds 2.7 kB.
const longestId = 500
const longestSubject = 2_000
const mostPeople = 200
