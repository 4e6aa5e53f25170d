import { z } from 'zod'
import { defineEvent } from '../../platform/events.ts'
import { storeRooms } from '../../platform/realtime.ts'

const about = z.object({ conversationId: z.uuid(), storeId: z.uuid(), identityId: z.uuid() })
type About = z.output<typeof about>

const toStaff = ({ storeId }: About) => storeRooms(storeId)
const toBoth = ({ storeId, identityId }: About) => [...storeRooms(storeId), visitorRoom(identityId)]

/** The room of a visitor's own sockets: what the customer may hear, and nothing of the notes. */
export const visitorRoom = (identityId: string) => `visitor:${identityId}`

export const conversationOpened = defineEvent(
  'conversation.opened',
  about.extend({ channelKind: z.string(), reopened: z.boolean() }),
  toBoth,
)
/** It happened before Afar was there: nobody is told, nothing is owed. */
export const conversationImported = defineEvent(
  'conversation.imported',
  about.extend({ channelKind: z.string() }),
)
export const conversationAssigned = defineEvent(
  'conversation.assigned',
  about.extend({ staffId: z.uuid().nullable(), fromId: z.uuid().nullable(), reason: z.string() }),
  payload => (payload.staffId ? [...toBoth(payload), `staff:${payload.staffId}`] : toBoth(payload)),
)
export const conversationChanged = defineEvent(
  'conversation.changed',
  about.extend({ fields: z.array(z.string()) }),
  toStaff,
)
/** It is in sight again before or at its hour. */
export const conversationWoken = defineEvent(
  'conversation.woken',
  about.extend({ why: z.enum(['person', 'clock', 'time']) }),
  toStaff,
)
/** Or taken out again. The other conversation is told of by the line it got. */
export const conversationMerged = defineEvent(
  'conversation.merged',
  about.extend({ intoId: z.uuid(), undone: z.boolean() }),
  toBoth,
)
/** Or unlinked. Each of the two is told of by an event of its own. */
export const conversationLinked = defineEvent(
  'conversation.linked',
  about.extend({ otherId: z.uuid(), undone: z.boolean() }),
  toStaff,
)
/** Some of its messages are the matter of a new conversation now. */
export const conversationSplit = defineEvent(
  'conversation.split',
  about.extend({ intoId: z.uuid() }),
  toStaff,
)
export const conversationResolved = defineEvent(
  'conversation.resolved',
  about.extend({ staffId: z.uuid().nullable() }),
  toBoth,
)
/** Somebody said what came of it. */
export const conversationSummarised = defineEvent('conversation.summarised', about, toStaff)
export const conversationRead = defineEvent(
  'conversation.read',
  about.extend({ by: z.enum(['customer', 'staff']), seq: z.number() }),
  toBoth,
)

/** `seq` is the place in the conversation; a client that sees a gap fetches from its own. */
export const messageAdded = defineEvent(
  'message.added',
  about.extend({
    messageId: z.uuid(),
    seq: z.number(),
    kind: z.enum(['customer', 'reply', 'note', 'system']),
  }),
  payload => (payload.kind === 'note' || payload.kind === 'system' ? toStaff(payload) : toBoth(payload)),
)

/** A reply waits to be sent, was taken back, sent or stopped. */
export const replyHeld = defineEvent(
  'reply.held',
  about.extend({ heldId: z.uuid(), state: z.enum(['held', 'sent', 'taken_back', 'stopped']) }),
  toStaff,
)

/** A policy's clock calls for these people; what else it asked for is told by its own events. */
export const escalationRaised = defineEvent(
  'escalation.raised',
  about.extend({
    clockId: z.uuid(),
    kind: z.string(),
    whom: z.enum(['assignee', 'team', 'supervisors']),
    staffIds: z.array(z.uuid()),
  }),
  ({ staffIds }) => staffIds.map(id => `staff:${id}`),
)

/** Somebody is called to a conversation, by a rule; what for stands in its thread. */
export const noticeGiven = defineEvent(
  'notice.given',
  about.extend({ staffIds: z.array(z.uuid()) }),
  ({ staffIds }) => staffIds.map(id => `staff:${id}`),
)

export const mentioned = defineEvent(
  'mention.made',
  about.extend({ messageId: z.uuid(), staffId: z.uuid() }),
  ({ staffId }) => [`staff:${staffId}`],
)

export const quickReplyChanged = defineEvent(
  'quick_reply.changed',
  z.object({ quickReplyId: z.uuid(), ownerId: z.uuid().nullable() }),
  ({ ownerId }) => [ownerId ? `staff:${ownerId}` : 'staff'],
)

/** A mention by a supervisor, to the one who has the conversation. */
export const whisperMade = defineEvent(
  'whisper.made',
  about.extend({ messageId: z.uuid(), staffId: z.uuid() }),
  ({ staffId }) => [`staff:${staffId}`],
)

export const conversationFieldsChanged = defineEvent(
  'conversation_field.changed',
  z.object({ fieldId: z.uuid() }),
  () => ['staff'],
)

export const contactReasonsChanged = defineEvent(
  'contact_reason.changed',
  z.object({ code: z.string() }),
  () => ['staff'],
)
export const reasonModelTrained = defineEvent(
  'reason_model.trained',
  z.object({ examples: z.number() }),
  () => ['staff'],
)

export const bulkJobChanged = defineEvent(
  'bulk_job.changed',
  z.object({ jobId: z.uuid(), staffId: z.uuid() }),
  ({ staffId }) => [`staff:${staffId}`],
)

export const savedViewsChanged = defineEvent('saved_view.changed', z.object({ viewId: z.uuid() }), () => [
  'staff',
])
