import { z } from 'zod'
import { defineAction } from '../../../platform/actions.ts'
import { lockPair } from '../merging/locking.ts'
import { findLinked, linkConversations, unlinkConversations } from './linking.ts'
import { linkSides } from './schemas.ts'

const record = 'conversation'

const link = defineAction({
  record,
  code: 'link',
  zh: '关联到',
  en: 'Link to',
  permission: 'conversations:reply',
  params: z.object({
    otherId: z.uuid().meta({ of: 'conversation' }),
    kind: z.enum(linkSides).default('related'),
  }),
  lock: (ctx, id, { otherId }) => lockPair(ctx, id, otherId),
  async run(ctx, id, to) {
    const linkId = await linkConversations(ctx, id, to)
    return { changed: true, undo: [{ code: 'unlink', params: { linkId } }] }
  },
})

const unlink = defineAction({
  record,
  code: 'unlink',
  zh: '取消关联',
  en: 'Take a link away',
  permission: 'conversations:reply',
  params: z.object({ linkId: z.uuid() }),
  lock: async (ctx, id, { linkId }) => lockPair(ctx, id, (await findLinked(ctx, id, linkId)).otherId),
  async run(ctx, id, { linkId }) {
    const to = await findLinked(ctx, id, linkId)
    await unlinkConversations(ctx, id, linkId)
    return { changed: true, undo: [{ code: 'link', params: to }] }
  },
})

export const linkActions = [link, unlink]
