import { on } from '../../platform/events.ts'
import { conversationOpened, conversationResolved } from '../conversations/events.ts'
import { expireExports } from './exports/exports.ts'
import { forgetExport, makeExport } from './exports/making.ts'
import { noteReopening, noteResolution } from './resolutions.ts'

export const reactions = [
  on(
    conversationResolved,
    'insight.note-resolution',
    async (ctx, { conversationId, staffId }, { id, at }) => {
      await noteResolution(ctx, { eventId: id, conversationId, staffId, at })
    },
  ),
  on(
    conversationOpened,
    'insight.note-reopening',
    async (ctx, { conversationId }, { at }) => {
      await noteReopening(ctx, { conversationId, at })
    },
    { when: ({ reopened }) => reopened },
  ),
]

export const jobs = [
  { name: 'insight.make-export', run: makeExport },
  { name: 'insight.forget-export', run: forgetExport },
]

export const sweeps = [{ name: 'insight.expire-exports', everySeconds: 60, run: expireExports }]
