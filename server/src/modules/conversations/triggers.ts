import { z } from 'zod'
import type { EventType } from '../../platform/events.ts'
import { defineTrigger, noParams, type Trigger } from '../../platform/triggers.ts'
import { clockBreached, clockWarned } from '../clocks/events.ts'
import { clockKinds } from '../clocks/tables.ts'
import {
  conversationAssigned,
  conversationChanged,
  conversationOpened,
  conversationResolved,
  conversationWoken,
  messageAdded,
} from './events.ts'
import type { messageKinds } from './tables.ts'

const record = 'conversation'
type About = { conversationId: string }
type Names = { code: string; zh: string; en: string }
const recordOf = ({ conversationId }: About) => conversationId

/** What `conversation.changed` tells of. */
export const changeableFields = ['category', 'labelId', 'priority', 'tags', 'reason', 'customFields'] as const

const when = <T extends About>(
  names: Names,
  event: EventType<T>,
  fits: (payload: T) => boolean = () => true,
) => defineTrigger({ ...names, record, event, recordOf, fits, params: noParams })

const added = (kind: (typeof messageKinds)[number], names: Names) =>
  when(names, messageAdded, message => message.kind === kind)

const aboutClock = <T extends About & { kind: (typeof clockKinds)[number] }>(
  names: Names,
  event: EventType<T>,
) =>
  defineTrigger({
    ...names,
    record,
    event,
    recordOf,
    /** None named means any. */
    params: z.object({ kinds: z.array(z.enum(clockKinds)).max(clockKinds.length).default([]) }),
    fits: ({ kind }, { kinds }) => kinds.length === 0 || kinds.includes(kind),
  })

const changed = defineTrigger({
  ...{ code: 'changed', zh: '会话被修改', en: 'A conversation is changed' },
  record,
  event: conversationChanged,
  recordOf,
  params: z.object({ fields: z.array(z.enum(changeableFields)).max(changeableFields.length).default([]) }),
  fits: (payload, { fields }) => fields.length === 0 || fields.some(field => payload.fields.includes(field)),
})

/** What rules may wait for in a conversation. */
export const conversationTriggers: readonly Trigger[] = [
  when({ code: 'opened', zh: '会话开启', en: 'A conversation opens' }, conversationOpened, e => !e.reopened),
  when(
    { code: 'reopened', zh: '会话重新开启', en: 'A conversation opens again' },
    conversationOpened,
    e => e.reopened,
  ),
  added('customer', { code: 'customer_wrote', zh: '客户发来消息', en: 'The customer writes' }),
  added('reply', { code: 'replied', zh: '已回复客户', en: 'The customer is answered' }),
  added('note', { code: 'noted', zh: '写了备注', en: 'A note is left' }),
  when(
    { code: 'assigned', zh: '会话被分配', en: 'Somebody gets it' },
    conversationAssigned,
    e => e.staffId !== null,
  ),
  when(
    { code: 'released', zh: '会话被放回', en: 'Nobody has it any more' },
    conversationAssigned,
    e => e.staffId === null,
  ),
  changed,
  when({ code: 'woken', zh: '暂缓结束', en: 'It is no longer snoozed' }, conversationWoken),
  when({ code: 'resolved', zh: '会话已解决', en: 'It is resolved' }, conversationResolved),
  aboutClock({ code: 'clock_warned', zh: '时限预警', en: 'A clock warns' }, clockWarned),
  aboutClock({ code: 'clock_breached', zh: '时限超时', en: 'A clock is breached' }, clockBreached),
]
