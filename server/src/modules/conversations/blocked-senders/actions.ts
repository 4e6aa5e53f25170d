import { z } from 'zod'
import { defineAction, nothingChanged } from '../../../platform/actions.ts'
import type { Ctx } from '../../../platform/context.ts'
import { blockIdentity, lockAlike, unblockIdentity } from '../../customers/blocking.ts'
import { getConversation } from '../conversations.ts'

const about = {
  record: 'conversation',
  permission: 'conversations:reply',
  params: z.object({}),
  lock: async (ctx: Ctx, id: string) => lockAlike(ctx, await senderOf(ctx, id)),
} as const

const blockSender = defineAction({
  ...about,
  code: 'block_sender',
  zh: '屏蔽发送者',
  en: 'Block the sender',
  run: async (ctx, id) =>
    (await blockIdentity(ctx, await senderOf(ctx, id)))
      ? { changed: true, undo: [{ code: 'unblock_sender', params: {} }] }
      : nothingChanged,
})

const unblockSender = defineAction({
  ...about,
  code: 'unblock_sender',
  zh: '取消屏蔽发送者',
  en: 'Unblock the sender',
  run: async (ctx, id) =>
    (await unblockIdentity(ctx, await senderOf(ctx, id)))
      ? { changed: true, undo: [{ code: 'block_sender', params: {} }] }
      : nothingChanged,
})

export const blockingActions = [blockSender, unblockSender]

const senderOf = async (ctx: Ctx, id: string) => (await getConversation(ctx, id)).identityId
