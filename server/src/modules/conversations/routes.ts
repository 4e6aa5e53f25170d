import { z } from 'zod'
import { Id, Nothing, pageOf, route } from '../../platform/route.ts'
import { Finding } from '../outreach/content-rules/schemas.ts'
import { assignConversation, listAssignments } from './assignment.ts'
import { checkDraft } from './content-check.ts'
import { changeDetails } from './details.ts'
import { listMessages } from './messages.ts'
import { addNote } from './notes.ts'
import { markRead, markUnread } from './reading.ts'
import { reply } from './replies.ts'
import { countInbox } from './saved-views/counting.ts'
import {
  Assignment,
  Conversation,
  ConversationFilter,
  Counts,
  DraftText,
  Message,
  MessagePage,
  MessageRange,
  NewAssignee,
  NewLanguage,
  NewNote,
  NewPriority,
  NewReply,
  NewSnooze,
  NewStatus,
  NewStatusLabel,
  NewTags,
  Seq,
  StatusLabel,
} from './schemas.ts'
import { endSnooze, snoozeConversation } from './snoozing.ts'
import {
  changeStatusLabel,
  createStatusLabel,
  deleteStatusLabel,
  listStatusLabels,
  setStatus,
} from './status.ts'
import { getConversationView, listConversations, showGivenAway } from './views.ts'

const read = 'conversations:read'
const manage = 'conversations:manage'

export const routes = [
  route({
    method: 'GET',
    url: '/conversations',
    summary: 'List a view of the inbox',
    permission: read,
    query: ConversationFilter,
    returns: pageOf(Conversation),
    run: (ctx, { query }) => listConversations(ctx, query),
  }),
  route({
    method: 'GET',
    url: '/conversations/counts',
    summary: 'Count what waits in each view, up to 1,000',
    permission: read,
    returns: Counts,
    run: (ctx, _, { place }) => countInbox(ctx, place),
  }),
  route({
    method: 'GET',
    url: '/conversations/:id',
    summary: 'Show a conversation',
    permission: read,
    params: Id,
    returns: Conversation,
    run: (ctx, { params }) => getConversationView(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/conversations/:id/messages',
    summary: 'List messages after or before a place in the conversation',
    permission: read,
    params: Id,
    query: MessageRange,
    returns: MessagePage,
    run: (ctx, { params, query }) => listMessages(ctx, params.id, query),
  }),
  route({
    method: 'POST',
    url: '/conversations/:id/replies',
    summary: 'Answer the customer',
    permission: 'conversations:reply',
    params: Id,
    body: NewReply,
    returns: Message,
    status: 201,
    run: (ctx, { params, body }) => reply(ctx, params.id, body),
  }),
  route({
    method: 'POST',
    url: '/conversations/:id/content-check',
    summary: 'Check a reply in the making against the rules of its channel',
    permission: 'conversations:reply',
    params: Id,
    body: DraftText,
    returns: z.object({ findings: z.array(Finding) }),
    run: (ctx, { params, body }) => checkDraft(ctx, params.id, body.text),
  }),
  route({
    method: 'POST',
    url: '/conversations/:id/notes',
    summary: 'Leave a private note',
    permission: 'conversations:reply',
    params: Id,
    body: NewNote,
    returns: Message,
    status: 201,
    run: (ctx, { params, body }) => addNote(ctx, params.id, body),
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/assignee',
    summary: 'Assign, transfer or release a conversation',
    permission: 'conversations:assign',
    params: Id,
    body: NewAssignee,
    returns: Conversation,
    run: async (ctx, { params, body }) => {
      await assignConversation(ctx, params.id, body)
      return showGivenAway(ctx, params.id)
    },
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/status',
    summary: 'Set the status of a conversation',
    permission: 'conversations:reply',
    params: Id,
    body: NewStatus,
    returns: Conversation,
    run: async (ctx, { params, body }) => {
      await setStatus(ctx, params.id, body)
      return getConversationView(ctx, params.id)
    },
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/snooze',
    summary: 'Put a conversation out of sight until a time or until the customer writes',
    permission: 'conversations:reply',
    params: Id,
    body: NewSnooze,
    returns: Conversation,
    run: async (ctx, { params, body }) => {
      await snoozeConversation(ctx, params.id, body)
      return getConversationView(ctx, params.id)
    },
  }),
  route({
    method: 'DELETE',
    url: '/conversations/:id/snooze',
    summary: 'Bring a snoozed conversation back',
    permission: 'conversations:reply',
    params: Id,
    returns: Conversation,
    run: async (ctx, { params }) => {
      await endSnooze(ctx, params.id)
      return getConversationView(ctx, params.id)
    },
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/read',
    summary: 'Mark a conversation read up to a place',
    permission: read,
    params: Id,
    body: Seq,
    returns: Nothing,
    run: (ctx, { params, body }) => markRead(ctx, params.id, body.seq),
  }),
  route({
    method: 'DELETE',
    url: '/conversations/:id/read',
    summary: 'Mark the last message of the customer unread, for oneself',
    permission: read,
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => markUnread(ctx, params.id),
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/priority',
    summary: 'Set the priority',
    permission: 'conversations:reply',
    params: Id,
    body: NewPriority,
    returns: Conversation,
    run: async (ctx, { params, body }) => {
      await changeDetails(ctx, params.id, body)
      return getConversationView(ctx, params.id)
    },
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/language',
    summary: 'Say which language the customer writes in',
    permission: 'conversations:reply',
    params: Id,
    body: NewLanguage,
    returns: Conversation,
    run: async (ctx, { params, body }) => {
      await changeDetails(ctx, params.id, body)
      return getConversationView(ctx, params.id)
    },
  }),
  route({
    method: 'PUT',
    url: '/conversations/:id/tags',
    summary: 'Set the tags',
    permission: 'conversations:reply',
    params: Id,
    body: NewTags,
    returns: Conversation,
    run: async (ctx, { params, body }) => {
      await changeDetails(ctx, params.id, { tags: [...new Set(body.tags)] })
      return getConversationView(ctx, params.id)
    },
  }),
  route({
    method: 'GET',
    url: '/conversations/:id/assignments',
    summary: 'List who held a conversation, and why',
    permission: read,
    params: Id,
    returns: z.object({ items: z.array(Assignment) }),
    run: (ctx, { params }) => listAssignments(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/status-labels',
    summary: 'List status labels',
    permission: read,
    returns: z.object({ items: z.array(StatusLabel) }),
    run: ctx => listStatusLabels(ctx),
  }),
  route({
    method: 'POST',
    url: '/status-labels',
    summary: 'Create a status label',
    permission: manage,
    body: NewStatusLabel,
    returns: StatusLabel,
    status: 201,
    run: (ctx, { body }) => createStatusLabel(ctx, body),
  }),
  route({
    method: 'PATCH',
    url: '/status-labels/:id',
    summary: 'Rename or move a status label',
    permission: manage,
    params: Id,
    body: NewStatusLabel.pick({ name: true })
      .partial()
      .extend({ position: z.number().int().min(0).max(1_000).optional() }),
    returns: StatusLabel,
    run: (ctx, { params, body }) => changeStatusLabel(ctx, params.id, body),
  }),
  route({
    method: 'DELETE',
    url: '/status-labels/:id',
    summary: 'Delete a status label',
    permission: manage,
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => deleteStatusLabel(ctx, params.id),
  }),
]
