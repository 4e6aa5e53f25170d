import { z } from 'zod'
import { defineAction } from '../../../platform/actions.ts'
import { lockPair } from './locking.ts'
import { findTarget, mergeConversation, undoMerge } from './merging.ts'

const record = 'conversation'

const merge = defineAction({
  record,
  code: 'merge',
  zh: '合并到',
  en: 'Merge into',
  permission: 'conversations:reply',
  params: z.object({ intoId: z.uuid().meta({ of: 'conversation' }) }),
  lock: (ctx, id, { intoId }) => lockPair(ctx, id, intoId),
  async run(ctx, id, { intoId }) {
    await mergeConversation(ctx, id, intoId)
    return { changed: true, undo: [{ code: 'unmerge', params: {} }] }
  },
})

const unmerge = defineAction({
  record,
  code: 'unmerge',
  zh: '撤销合并',
  en: 'Undo a merge',
  permission: 'conversations:reply',
  params: z.object({}),
  lock: async (ctx, id) => lockPair(ctx, id, await findTarget(ctx, id)),
  async run(ctx, id) {
    const intoId = await findTarget(ctx, id)
    await undoMerge(ctx, id)
    return { changed: true, undo: [{ code: 'merge', params: { intoId } }] }
  },
})

export const mergeActions = [merge, unmerge]
