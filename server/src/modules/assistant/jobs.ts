import { on } from '../../platform/events.ts'
import { conversationAssigned, messageAdded } from '../conversations/events.ts'
import { askForAssignee } from './translation/message-translations.ts'

export const reactions = [
  on(
    messageAdded,
    'assistant.translate-for-assignee',
    (ctx, { conversationId }) => askForAssignee(ctx, conversationId),
    { when: ({ kind }) => kind === 'customer' },
  ),
  on(
    conversationAssigned,
    'assistant.translate-for-new-assignee',
    (ctx, { conversationId }) => askForAssignee(ctx, conversationId),
    { when: ({ staffId }) => staffId !== null },
  ),
]
