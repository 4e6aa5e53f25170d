import { z } from 'zod'
import { masked, Page } from '../../platform/route.ts'
import { pauseReasons } from '../clocks/tables.ts'
import { MailOptions } from './mail/schemas.ts'
import { mailDirections } from './mail/tables.ts'
import { NewOriginal, Original } from './originals.ts'
import { NewSummary } from './summaries/schemas.ts'
import { heldStates, messageKinds, priorities, statusCategories, thirdParties } from './tables.ts'

const Named = z.object({ id: z.uuid(), name: z.string() })

export const Clock = z
  .object({
    kind: z.string(),
    startedAt: z.date(),
    /** In the year 9999 while it stands still without an end in sight. */
    dueAt: z.date(),
    breachedAt: z.date().nullable(),
    pauseReason: z.enum(pauseReasons).nullable(),
  })
  .meta({ id: 'RunningClock' })

export const Conversation = z
  .object({
    id: z.uuid(),
    number: z.number().int(),
    store: Named,
    channel: z.object({ id: z.uuid(), kind: z.string() }),
    /** As whom the customer wrote it. */
    identityId: z.uuid(),
    customer: Named.extend({
      language: z.string().nullable(),
      country: z.string().nullable(),
      zone: z.string().nullable(),
    }),
    status: z.object({
      category: z.enum(statusCategories),
      label: Named.nullable(),
      waitingFor: z.enum(thirdParties).nullable(),
    }),
    assignee: Named.nullable(),
    team: Named.nullable(),
    /** Where it waits, or waited last. */
    queueId: z.uuid().nullable(),
    priority: z.enum(priorities),
    subject: z.string().nullable(),
    language: z.string().nullable(),
    /** Why the customer writes: a contact reason’s code, and the one that was given first. */
    reason: z.string().nullable(),
    reasonAtOpen: z.string().nullable(),
    /** What came of it, as it was said last. */
    summary: z.string().nullable(),
    tags: z.array(z.string()),
    /** What the company keeps of it beside, by the keys of its fields. */
    customFields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
    lastSeq: z.number().int(),
    unread: z.number().int(),
    preview: z.object({ kind: z.enum(messageKinds), text: z.string(), at: z.date() }).nullable(),
    waitingSince: z.date().nullable(),
    snoozedUntil: z.date().nullable(),
    clock: Clock.nullable(),
    customerReadSeq: z.number().int(),
    previousId: z.uuid().nullable(),
    /** The conversation it was merged into: what was said here stays here, what is said next is said there. */
    mergedIntoId: z.uuid().nullable(),
    isSpam: z.boolean(),
    openedAt: z.date(),
    lastActivityAt: z.date(),
    resolvedAt: z.date().nullable(),
    version: z.number().int(),
  })
  .meta({ id: 'Conversation' })
export type Conversation = z.output<typeof Conversation>

export const views = ['mine', 'unassigned', 'all', 'mentions', 'team', 'snoozed', 'resolved', 'spam'] as const
export const sorts = ['clock', 'waiting', 'activity'] as const

const uuid = '[\\da-f]{8}(-[\\da-f]{4}){3}-[\\da-f]{12}'

export const ConversationFilter = Page.extend({
  view: z.enum(views).default('all'),
  teamId: z.uuid().optional(),
  storeId: z.uuid().optional(),
  customerId: z.uuid().optional(),
  /** A view that somebody saved; it stands in for `view`. */
  savedViewId: z.uuid().optional(),
  /** Only those of these that are in the view, with commas between: for a list that wants to know what left it. */
  ids: z
    .string()
    .regex(new RegExp(`^${uuid}(,${uuid}){0,99}$`))
    .optional(),
  sort: z.enum(sorts).default('clock'),
})
export type ConversationFilter = z.output<typeof ConversationFilter>

export const Counts = z
  .object({
    mine: z.number(),
    unassigned: z.number(),
    all: z.number(),
    snoozed: z.number(),
    mentions: z.number(),
    waitingChats: z.number(),
    teams: z.array(z.object({ id: z.uuid(), count: z.number() })),
    stores: z.array(z.object({ id: z.uuid(), count: z.number() })),
  })
  .meta({ id: 'ConversationCounts' })

export const AttachmentOut = z
  .object({
    id: z.uuid(),
    name: z.string(),
    type: z.string(),
    size: z.number(),
    url: z.string(),
    width: z.number().nullable(),
    height: z.number().nullable(),
    /** A picture that stands within the text of a mail. */
    isInline: z.boolean(),
  })
  .meta({ id: 'Attachment' })

export const Delivery = z
  .object({
    /** Of what carries it; none where the customer fetches by himself. */
    id: z.uuid().nullable(),
    state: z.enum(['queued', 'sent', 'delivered', 'read', 'refused', 'uncertain']),
    reason: z.string().nullable(),
  })
  .meta({ id: 'MessageDelivery' })

const Correspondent = z.object({
  name: z.string(),
  address: masked(z.string(), 'customers:contact-details', 'email'),
})

/** What a message is as a mail. Its text is what was said; the segments are all of it, in order. */
export const MailFacts = z
  .object({
    direction: z.enum(mailDirections),
    subject: z.string(),
    sender: Correspondent.nullable(),
    to: z.array(Correspondent),
    cc: z.array(Correspondent),
    bcc: z.array(Correspondent),
    sentAt: z.date().nullable(),
    segments: z.array(z.object({ kind: z.enum(['said', 'quote', 'signature']), text: z.string() })),
    hasHtml: z.boolean(),
    /** Of SPF, DKIM and DMARC: what the sender's own domain says of it. */
    authentication: z
      .object({ spf: z.string(), dkim: z.string(), dmarc: z.string(), by: z.string().nullable() })
      .nullable(),
    automatic: z.string().nullable(),
    findings: z.array(z.string()),
    inboundId: z.number().int().nullable(),
  })
  .meta({ id: 'MailFacts' })

export const Message = z
  .object({
    id: z.uuid(),
    seq: z.number().int(),
    kind: z.enum(messageKinds),
    author: z
      .object({
        kind: z.enum(['customer', 'staff', 'api_key', 'system']),
        id: z.uuid().nullable(),
        name: z.string(),
      })
      .nullable(),
    text: z.string(),
    language: z.string().nullable(),
    /** What its writer wrote in his own language, before it was translated. */
    original: Original.nullable(),
    attachments: z.array(AttachmentOut),
    mentions: z.array(z.uuid()),
    /** A note from a supervisor to the one who has the conversation. */
    isWhisper: z.boolean(),
    delivery: Delivery.nullable(),
    clientId: z.uuid().nullable(),
    system: z.object({ event: z.string(), params: z.record(z.string(), z.unknown()) }).nullable(),
    mail: MailFacts.nullable(),
    createdAt: z.date(),
  })
  .meta({ id: 'Message' })
export type Message = z.output<typeof Message>

export const MessagePage = z.object({
  items: z.array(Message),
  lastSeq: z.number().int(),
  hasEarlier: z.boolean(),
})

export const MessageRange = z.object({
  afterSeq: z.coerce.number().int().min(0).optional(),
  beforeSeq: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type MessageRange = z.output<typeof MessageRange>

export const longestText = 20_000
const Text = z.string().max(longestText)
const Attachments = z.array(z.uuid()).max(10).default([])
const notEmpty = (said: { text: string; attachmentIds: string[] }) =>
  said.text.trim() !== '' || said.attachmentIds.length > 0

const reply = {
  clientId: z.uuid(),
  text: Text,
  attachmentIds: Attachments,
  /** The newest message the writer had on his screen; what came after it is answered as a conflict. */
  lastSeenSeq: z.number().int().min(0),
  afterwards: z.enum(['resolve', 'wait_customer']).optional(),
  /** Where it goes out as mail: what is to be other than usual. */
  mail: MailOptions.optional(),
  original: NewOriginal.optional(),
}
const saySomething = { message: 'Write something or attach a file.' }

export const DraftText = z.object({ text: Text })

export const NewReply = z.object(reply).strict().refine(notEmpty, saySomething)
export type NewReply = z.output<typeof NewReply>

/** `undo`: sent after the seconds in which its writer may take it back; `scheduled`: not before `sendAt`. */
export const NewHeldReply = z
  .object({
    ...reply,
    why: z.enum(['undo', 'scheduled']),
    sendAt: z.iso.datetime({ offset: true }).optional(),
  })
  .strict()
  .refine(notEmpty, saySomething)
  .refine(({ why, sendAt }) => (why === 'scheduled') === (sendAt !== undefined), {
    message: 'Say when it is to be sent, or nothing where it can only be undone.',
    path: ['sendAt'],
  })
export type NewHeldReply = z.output<typeof NewHeldReply>

export const HeldReply = z
  .object({
    id: z.uuid(),
    conversationId: z.uuid(),
    author: Named,
    clientId: z.uuid(),
    text: z.string(),
    original: NewOriginal.nullable(),
    attachments: z.array(AttachmentOut),
    /** The newest message its writer had seen, what is to follow, and to whom it goes as mail: to take it up again. */
    lastSeenSeq: z.number().int(),
    afterwards: z.enum(['resolve', 'wait_customer']).nullable(),
    mail: z
      .object({
        to: z.array(Correspondent).optional(),
        cc: z.array(Correspondent),
        bcc: z.array(Correspondent),
        subject: z.string().optional(),
      })
      .nullable(),
    why: z.enum(['undo', 'scheduled']),
    sendAt: z.date(),
    state: z.enum(heldStates),
    reason: z.string().nullable(),
    createdAt: z.date(),
  })
  .meta({ id: 'HeldReply' })
export type HeldReply = z.output<typeof HeldReply>

export const NewNote = z
  .object({
    clientId: z.uuid(),
    text: Text,
    attachmentIds: Attachments,
    mentionIds: z.array(z.uuid()).max(20).default([]),
  })
  .strict()
  .refine(notEmpty, saySomething)
export type NewNote = z.output<typeof NewNote>

export const NewAssignee = z.object({
  staffId: z.uuid().nullable(),
  teamId: z.uuid().nullable().optional(),
  note: z.string().trim().max(2_000).optional(),
  expected: z.uuid().nullable().optional(),
})
export type NewAssignee = z.output<typeof NewAssignee>

export const NewStatus = z.object({
  category: z.enum(statusCategories),
  /** Of what waits for a third party: which one. Only with it do clocks stand still. */
  waitingFor: z.enum(thirdParties).nullable().optional(),
  labelId: z.uuid().nullable().optional(),
  /** Why the customer wrote; some companies ask for it before a conversation is resolved. */
  reason: z.string().max(80).optional(),
  /** What came of it; some companies ask for that too. */
  summary: NewSummary.optional(),
  expectedVersion: z.number().int().optional(),
})
export type NewStatus = z.output<typeof NewStatus>

export const Seq = z.object({ seq: z.number().int().min(0) })
export const NewLanguage = z.object({ language: z.string().regex(/^[a-z]{2,3}$/) })
export const NewPriority = z.object({ priority: z.enum(priorities) })
export const NewTags = z.object({ tags: z.array(z.string().trim().min(1).max(50)).max(30) })

export const Assignment = z
  .object({
    id: z.uuid(),
    staff: Named.nullable(),
    from: Named.nullable(),
    by: z.object({ kind: z.string(), name: z.string().nullable() }),
    reason: z.string(),
    params: z.record(z.string(), z.unknown()),
    waitedSeconds: z.number().nullable(),
    at: z.date(),
  })
  .meta({ id: 'Assignment' })

export const StatusLabel = z
  .object({ id: z.uuid(), category: z.enum(statusCategories), name: z.string(), position: z.number().int() })
  .meta({ id: 'StatusLabel' })
export const NewSnooze = z.object({
  until: z.iso.datetime({ offset: true }),
  expectedVersion: z.number().int().optional(),
})

/** For macros and flows, which are written before anybody knows when: one of these instead of a moment. */
export const SnoozeAction = z
  .object({
    until: NewSnooze.shape.until.optional(),
    forMinutes: z
      .number()
      .int()
      .min(1)
      .max(366 * 24 * 60)
      .optional(),
    /** At nine by the company's clock. */
    untilMorning: z.enum(['tomorrow', 'monday']).optional(),
  })
  .refine(terms => Object.values(terms).filter(term => term !== undefined).length === 1, {
    message: 'Say until when, for how long, or until which morning: one of the three.',
  })
  .meta({ takesOne: true })
export type SnoozeAction = z.output<typeof SnoozeAction>

export const NewStatusLabel = z.object({
  category: z.enum(statusCategories),
  name: z.string().trim().min(1).max(60),
  position: z.number().int().min(0).max(1_000).default(0),
})

export const NewPromise = z.object({
  text: z.string().trim().min(1).max(500),
  dueAt: z.coerce.date(),
})
export type NewPromise = z.output<typeof NewPromise>

export const PromiseOutcome = z.object({ outcome: z.enum(['kept', 'withdrawn']) })
