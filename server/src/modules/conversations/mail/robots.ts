import { and, eq } from 'drizzle-orm'
import type { Ctx } from '../../../platform/context.ts'
import { conflict } from '../../../platform/errors.ts'
import { mayAnswerAutomatically } from '../../../platform/mail/automatic.ts'
import { isSaidIn, newestSaidIn } from '../splitting/chosen.ts'
import { messages } from '../tables.ts'
import { mails } from './tables.ts'

/** Two robots would write to each other for ever, so ours is silent where the newest word is another's. */
export async function refuseAnsweringRobot(ctx: Ctx, conversationId: string) {
  const [newest] = await ctx.db
    .select({ mail: mails })
    .from(messages)
    .leftJoin(mails, eq(mails.messageId, messages.id))
    .where(and(isSaidIn(conversationId), eq(messages.kind, 'customer')))
    .orderBy(...newestSaidIn(conversationId))
    .limit(1)
  const mail = newest?.mail
  if (mail && !mayAnswerAutomatically({ ...mail, from: mail.sender }))
    throw conflict('answers_a_robot', 'A machine wrote this mail; no machine of ours answers it.')
}
