import type { Ctx } from '../../platform/context.ts'
import { conflict } from '../../platform/errors.ts'
import { listClocks } from '../clocks/listing.ts'
import { presentPolicy } from '../clocks/presenting.ts'
import { endPromise, startPromise } from '../clocks/promises.ts'
import { getConversation, isOpen, lockConversation, setFields } from './conversations.ts'
import type { NewPromise } from './schemas.ts'
import { never } from './tables.ts'
import { addSystemLine } from './writing.ts'

/** What runs for a conversation and by which rule, and what was promised in it. */
export async function listConversationClocks(ctx: Ctx, id: string) {
  await getConversation(ctx, id)
  const rows = await listClocks(ctx, id)
  return {
    items: rows.map(({ policy, ...clock }) => ({
      ...clock,
      policy: policy && presentPolicy(ctx, policy),
    })),
  }
}

/** Promises the customer something by an hour; colleagues see it in the thread, and a clock runs for it. */
export async function makePromise(ctx: Ctx, id: string, { text, dueAt }: NewPromise) {
  const conversation = await lockConversation(ctx, id)
  if (!isOpen(conversation))
    throw conflict('conversation_not_open', 'This conversation is over; open it again first.')
  const { storeId, channelKind, channelId } = conversation
  const promise = await startPromise(ctx, { subjectId: id, storeId, channelKind, channelId }, { text, dueAt })
  await addSystemLine(ctx, conversation, 'promise.made', {
    text,
    dueAt: dueAt.toISOString(),
    name: ctx.actor.name,
  })
  await setFields(ctx, id, { dueAt: dueAt < conversation.dueAt ? dueAt : conversation.dueAt })
  ctx.audit('promise.made', `conversation:${id}`)
  return { id: promise.id }
}

export async function settlePromise(ctx: Ctx, id: string, promiseId: string, outcome: 'kept' | 'withdrawn') {
  const conversation = await lockConversation(ctx, id)
  const { promise, dueAt = never } = await endPromise(ctx, id, promiseId, outcome)
  const isLate = outcome === 'kept' && promise.dueAt <= ctx.now
  await addSystemLine(ctx, conversation, isLate ? 'promise.kept_late' : `promise.${outcome}`, {
    text: promise.promise,
    name: ctx.actor.name,
  })
  await setFields(ctx, id, { dueAt })
  ctx.audit(`promise.${outcome}`, `conversation:${id}`)
}

/** Told when its hour has passed and nobody has kept it. */
export async function notePromiseBroken(ctx: Ctx, id: string, clockId: string) {
  const conversation = await lockConversation(ctx, id)
  const promise = (await listClocks(ctx, id)).find(clock => clock.id === clockId)
  if (promise && !promise.stoppedAt)
    await addSystemLine(ctx, conversation, 'promise.broken', { text: promise.promise })
}
