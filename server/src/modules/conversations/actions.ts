import { z } from 'zod'
import { type ActionCall, defineAction, nothingChanged } from '../../platform/actions.ts'
import type { Ctx } from '../../platform/context.ts'
import { fillVariables } from '../../platform/variables.ts'
import { assignConversation } from './assignment.ts'
import { notify } from './calling.ts'
import { type ConversationRow, getConversation, isOpen, lockConversation } from './conversations.ts'
import { changeDetails } from './details.ts'
import { addNote } from './notes.ts'
import { setOwnFields } from './own-fields/own-fields.ts'
import { FieldKey, FieldValue } from './own-fields/schemas.ts'
import { setReason } from './reasons/reasons.ts'
import { say } from './replies.ts'
import { NewAssignee, NewNote, NewPriority, NewReply, NewStatus, NewTags, SnoozeAction } from './schemas.ts'
import { snoozeConversation, untilOf } from './snoozing.ts'
import { markSpam, unmarkSpam } from './spam.ts'
import { setStatus } from './status.ts'
import { Ended, undoEnding } from './timing.ts'

const record = 'conversation'
const of = (noun: string) => z.uuid().meta({ of: noun })

const assign = defineAction({
  record,
  code: 'assign',
  zh: '分配',
  en: 'Assign',
  permission: 'conversations:assign',
  params: z.object({
    staffId: of('staff').nullable(),
    teamId: of('team').nullable().optional(),
    note: NewAssignee.shape.note,
    /** Leaves it with whoever has it; robots lose to people. */
    onlyIfFree: z.boolean().default(false),
  }),
  async run(ctx, id, { onlyIfFree, ...to }) {
    const before = await lockConversation(ctx, id)
    const isThere = before.assigneeId === to.staffId && (to.teamId ?? before.teamId) === before.teamId
    if (isThere || (onlyIfFree && before.assigneeId !== null)) return nothingChanged
    await assignConversation(ctx, id, to)
    const back = { staffId: before.assigneeId, teamId: before.teamId }
    return { changed: true, undo: [call('assign', back)] }
  },
})

const setStatusAction = defineAction({
  record,
  code: 'set_status',
  zh: '设置状态',
  en: 'Set the status',
  permission: 'conversations:reply',
  params: NewStatus.omit({ expectedVersion: true, summary: true }).extend({
    labelId: of('status_label').nullable().optional(),
    reason: NewStatus.shape.reason.unwrap().meta({ of: 'contact_reason' }).optional(),
    /** What undoing gives: as if it had not ended then. */
    asBefore: Ended.optional().meta({ internal: true }),
  }),
  async run(ctx, id, { asBefore, ...status }) {
    const before = await lockConversation(ctx, id)
    if (asBefore) await undoEnding(ctx, before, asBefore)
    await setStatus(ctx, id, status)
    const after = await getConversation(ctx, id)
    const undo = isOpen(before) && !isOpen(after) ? reopenBefore(ctx, before) : statusBefore(before)
    return { changed: before.version !== after.version, undo }
  },
})

const snooze = defineAction({
  record,
  code: 'snooze',
  zh: '暂缓',
  en: 'Snooze',
  permission: 'conversations:reply',
  params: SnoozeAction,
  async run(ctx, id, terms) {
    const before = await lockConversation(ctx, id)
    await snoozeConversation(ctx, id, { until: await untilOf(ctx, terms) })
    return { changed: true, undo: statusBefore(before) }
  },
})

const setPriority = defineAction({
  record,
  code: 'set_priority',
  zh: '设置优先级',
  en: 'Set the priority',
  permission: 'conversations:reply',
  params: NewPriority,
  async run(ctx, id, { priority }) {
    const before = await lockConversation(ctx, id)
    if (before.priority === priority) return nothingChanged
    await changeDetails(ctx, id, { priority })
    return { changed: true, undo: [call('set_priority', { priority: before.priority })] }
  },
})

const addTags = defineAction({
  record,
  code: 'add_tags',
  zh: '添加标签',
  en: 'Add tags',
  permission: 'conversations:reply',
  params: NewTags,
  async run(ctx, id, { tags }) {
    const before = await lockConversation(ctx, id)
    const added = [...new Set(tags)].filter(tag => !before.tags.includes(tag))
    if (added.length === 0) return nothingChanged
    await changeDetails(ctx, id, { tags: [...before.tags, ...added] })
    return { changed: true, undo: [call('remove_tags', { tags: added })] }
  },
})

const removeTags = defineAction({
  record,
  code: 'remove_tags',
  zh: '移除标签',
  en: 'Remove tags',
  permission: 'conversations:reply',
  params: NewTags,
  async run(ctx, id, { tags }) {
    const before = await lockConversation(ctx, id)
    const removed = before.tags.filter(tag => tags.includes(tag))
    if (removed.length === 0) return nothingChanged
    await changeDetails(ctx, id, { tags: before.tags.filter(tag => !removed.includes(tag)) })
    return { changed: true, undo: [call('add_tags', { tags: removed })] }
  },
})

const setReasonAction = defineAction({
  record,
  code: 'set_reason',
  zh: '设置联系原因',
  en: 'Set the contact reason',
  permission: 'conversations:reply',
  params: z.object({ reason: z.string().max(80).meta({ of: 'contact_reason' }) }),
  async run(ctx, id, { reason }) {
    const before = await lockConversation(ctx, id)
    if (before.reason === reason) return nothingChanged
    await setReason(ctx, id, { reason })
    return {
      changed: true,
      undo: before.reason ? [call('set_reason', { reason: before.reason })] : null,
    }
  },
})

const markSpamAction = defineAction({
  record,
  code: 'mark_spam',
  zh: '标记为垃圾消息',
  en: 'Mark as spam',
  permission: 'conversations:reply',
  params: z.object({}),
  async run(ctx, id) {
    const before = await lockConversation(ctx, id)
    if (before.spamAt) return nothingChanged
    await markSpam(ctx, id)
    const further = isOpen(before) && before.category === 'open' ? [] : statusBefore(before)
    return { changed: true, undo: [call('unmark_spam', {}), ...further] }
  },
})

const unmarkSpamAction = defineAction({
  record,
  code: 'unmark_spam',
  zh: '不是垃圾消息',
  en: 'Not spam',
  permission: 'conversations:reply',
  params: z.object({}),
  async run(ctx, id) {
    const before = await lockConversation(ctx, id)
    if (!before.spamAt) return nothingChanged
    await unmarkSpam(ctx, id)
    return { changed: true, undo: [call('mark_spam', {})] }
  },
})

const setField = defineAction({
  record,
  code: 'set_field',
  zh: '填写自定义字段',
  en: 'Fill in a field',
  permission: 'conversations:reply',
  params: z.object({
    key: FieldKey.meta({ of: 'conversation_field' }),
    value: FieldValue.meta({ of: 'conversation_field_value' }),
  }),
  async run(ctx, id, { key, value }) {
    const before = await setOwnFields(ctx, id, { values: { [key]: value } })
    const was = before.customFields[key] ?? null
    return was === (value === '' ? null : value)
      ? nothingChanged
      : { changed: true, undo: [call('set_field', { key, value: was })] }
  },
})

const addNoteAction = defineAction({
  record,
  code: 'add_note',
  zh: '写备注',
  en: 'Leave a note',
  permission: 'conversations:reply',
  params: z.object({
    text: NewNote.shape.text.min(1),
    mentionIds: z.array(of('staff')).max(20).default([]),
  }),
  async run(ctx, id, note, once) {
    const text = await fillVariables(ctx, record, id, note.text)
    await addNote(ctx, id, { ...note, text, clientId: once, attachmentIds: [] })
    return { changed: true, undo: null }
  },
})

const replyAction = defineAction({
  record,
  code: 'reply',
  zh: '回复客户',
  en: 'Reply to the customer',
  permission: 'conversations:reply',
  permissionForMany: 'conversations:bulk-reply',
  params: z.object({
    afterwards: NewReply.shape.afterwards,
    text: NewReply.shape.text.min(1),
    /** The newest message that whoever sends this has seen; without it nobody looks whether he missed one. */
    lastSeenSeq: NewReply.shape.lastSeenSeq.optional().meta({ internal: true }),
  }),
  sends: true,
  async run(ctx, id, { lastSeenSeq, text: template, ...said }, once) {
    const { lastSeq } = await lockConversation(ctx, id)
    const seen = lastSeenSeq ?? lastSeq
    const text = await fillVariables(ctx, record, id, template)
    await say(ctx, id, { ...said, text, clientId: once, attachmentIds: [], lastSeenSeq: seen })
    return { changed: true, undo: null }
  },
})

export const conversationActions = [
  ...[assign, setStatusAction, snooze, setPriority, addTags, removeTags, setReasonAction],
  ...[setField, markSpamAction, unmarkSpamAction, addNoteAction, replyAction, notify],
]

const call = (code: string, params: Record<string, unknown>): ActionCall => ({ code, params })

const statusBefore = ({ category, snoozedUntil, labelId, waitingFor }: ConversationRow) =>
  category === 'scheduled' && snoozedUntil
    ? [call('snooze', { until: snoozedUntil.toISOString() })]
    : [call('set_status', { category, labelId, waitingFor })]

/** Where a customer was waiting when it ended, he waits again, and since then. */
function reopenBefore(ctx: Ctx, before: ConversationRow) {
  const asBefore = {
    endedAt: ctx.now.toISOString(),
    waitingSince: before.waitingSince?.toISOString() ?? null,
  }
  return before.category === 'scheduled'
    ? [call('set_status', { category: 'open', asBefore }), ...statusBefore(before)]
    : statusBefore(before).map(({ code, params }) => call(code, { ...params, asBefore }))
}
