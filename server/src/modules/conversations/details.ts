import type { Ctx } from '../../platform/context.ts'
import { aboutOf, lockConversation, setFields, subjectOf } from './conversations.ts'
import { conversationChanged } from './events.ts'

type Details = { priority?: 'low' | 'normal' | 'high' | 'urgent'; tags?: string[]; language?: string }

/** What describes a conversation without moving it. */
export async function changeDetails(ctx: Ctx, id: string, details: Details) {
  const before = await lockConversation(ctx, id)
  await setFields(ctx, id, details)
  const fields = Object.keys(details)
  ctx.emit(conversationChanged, { ...aboutOf(before), fields }, subjectOf(before))
  ctx.audit('conversation.changed', `conversation:${id}`, fields)
}
