import { eq, sql } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { found } from '../../../platform/errors.ts'
import type { Message } from '../schemas.ts'
import { refuseUnseen } from '../splitting/chosen.ts'
import { messages } from '../tables.ts'
import { mails } from './tables.ts'

/** Without the HTML, which is large and seldom looked at in a list. */
export const mailFacts = {
  direction: mails.direction,
  subject: mails.subject,
  sender: mails.sender,
  to: mails.to,
  cc: mails.cc,
  bcc: mails.bcc,
  sentAt: mails.sentAt,
  segments: mails.segments,
  hasHtml: sql<boolean>`${mails.html} is not null`,
  authentication: mails.authentication,
  automatic: mails.automatic,
  findings: mails.findings,
  inboundId: mails.inboundId,
}

type Selected = {
  [Key in keyof typeof mailFacts]: (typeof mailFacts)[Key] extends {
    _: { data: infer Data; notNull: infer N }
  }
    ? N extends true
      ? Data
      : Data | null
    : boolean
}

export function presentMail({ authentication, ...mail }: Selected): NonNullable<Message['mail']> {
  const signed = authentication?.dkim.find(({ result }) => result === 'pass') ?? authentication?.dkim[0]
  return {
    ...mail,
    authentication: authentication && {
      spf: authentication.spf.result,
      dkim: signed?.result ?? 'none',
      dmarc: authentication.dmarc.result,
      by: authentication.by,
    },
  }
}

/** The sanitised HTML of a message, with the files its pictures stand for. */
export async function getMailHtml(ctx: Ctx, messageId: string) {
  const [row] = await ctx.db
    .select({ html: mails.html, message: messages })
    .from(mails)
    .innerJoin(messages, eq(messages.id, mails.messageId))
    .where(eq(mails.messageId, messageId))
  const { html, message } = found(row, 'message')
  await refuseUnseen(ctx, message.conversationId, eq(messages.id, messageId))
  return {
    html: found(html ?? undefined, 'mail_html'),
    pictures: message.attachments.flatMap(({ contentId, fileId }) =>
      contentId ? [{ contentId, url: `/api/files/${fileId}` }] : [],
    ),
  }
}
