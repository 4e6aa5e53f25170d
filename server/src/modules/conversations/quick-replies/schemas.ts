import { z } from 'zod'
import { ActionCall } from '../../../platform/actions.ts'
import { LanguageTag } from '../../settings/schemas.ts'
import { Conversation, longestText } from '../schemas.ts'

const Title = z.string().trim().min(1).max(120)
const Text = z.string().max(longestText)
const Translated = z.object({ language: LanguageTag, title: Title, text: Text })
const mostFiles = 10
const mostSteps = 20

const KeptFile = z.object({ id: z.uuid(), name: z.string(), type: z.string(), size: z.number() })

export const QuickReply = z
  .object({
    id: z.uuid(),
    shortcut: z.string(),
    title: z.string(),
    text: z.string(),
    language: z.string().nullable(),
    translations: z.array(Translated),
    category: z.string(),
    storeId: z.uuid().nullable(),
    isPersonal: z.boolean(),
    files: z.array(KeptFile),
    steps: z.array(ActionCall),
    sendsAtOnce: z.boolean(),
    /** How often it was used within 30 days. */
    uses: z.number().int(),
    version: z.number().int(),
  })
  .meta({ id: 'QuickReply' })
export type QuickReply = z.output<typeof QuickReply>

const content = {
  shortcut: z
    .string()
    .trim()
    .regex(/^[\p{L}\p{N}_-]{1,40}$/u),
  title: Title,
  /** With variables, such as `{{customer.first_name|there}}`. */
  text: Text,
  language: LanguageTag.nullable(),
  translations: z.array(Translated).max(20),
  category: z.string().trim().max(60),
  storeId: z.uuid().nullable(),
  /** Uploaded by whoever saves it, or its own already. */
  fileIds: z.array(z.uuid()).max(mostFiles),
  steps: z.array(ActionCall).max(mostSteps),
  sendsAtOnce: z.boolean(),
}

export const NewQuickReply = z.object({
  ...content,
  text: Text.default(''),
  language: content.language.default(null),
  translations: content.translations.default([]),
  category: content.category.default(''),
  storeId: content.storeId.default(null),
  fileIds: content.fileIds.default([]),
  steps: content.steps.default([]),
  sendsAtOnce: z.boolean().default(false),
  isPersonal: z.boolean().default(false),
})
export type NewQuickReply = z.output<typeof NewQuickReply>

export const QuickReplyChange = z.object({ ...content, expectedVersion: z.number().int() }).partial()
export type QuickReplyChange = z.output<typeof QuickReplyChange>

export const QuickReplyChoice = z.object({ quickReplyId: z.uuid() })

export const NewQuickReplyUse = QuickReplyChoice.extend({
  clientId: z.uuid(),
  /** The newest message that who uses it has seen, where it sends at once. */
  lastSeenSeq: z.number().int().min(0),
  expectedVersion: z.number().int().optional(),
})
export type NewQuickReplyUse = z.output<typeof NewQuickReplyUse>

const Refused = z.object({ code: z.string(), names: z.array(z.string()) })
const said = {
  language: z.string().nullable(),
  text: z.string(),
  /** What is to follow when the text is sent. */
  afterwards: z.enum(['resolve']).nullable(),
}

export const QuickReplyEffect = z
  .object({
    ...said,
    /** Why it cannot be said as it stands. */
    refused: Refused.nullable(),
    files: z.array(KeptFile),
    sendsAtOnce: z.boolean(),
    steps: z.array(
      z.object({
        code: z.string(),
        /** Names and code words as they were and would be; none where there is nothing. */
        changes: z.array(z.object({ field: z.string(), from: z.array(z.string()), to: z.array(z.string()) })),
        refused: Refused.nullable(),
      }),
    ),
  })
  .meta({ id: 'QuickReplyEffect' })
export type QuickReplyEffect = z.output<typeof QuickReplyEffect>

const OwnFile = KeptFile.extend({
  url: z.string(),
  width: z.number().nullable(),
  height: z.number().nullable(),
  isInline: z.boolean(),
})

/** `text` and `files` are for the composer; empty where they were sent. */
export const QuickReplyUse = z
  .object({
    id: z.uuid(),
    ...said,
    files: z.array(OwnFile),
    isSent: z.boolean(),
    canUndo: z.boolean(),
    conversation: Conversation,
  })
  .meta({ id: 'QuickReplyUse' })
export type QuickReplyUse = z.output<typeof QuickReplyUse>

export const UseAddress = z.object({ id: z.uuid(), useId: z.uuid() })

/** Null where there is nothing to put in. */
export const VariableValue = z
  .object({ code: z.string(), zh: z.string(), en: z.string(), value: z.string().nullable() })
  .meta({ id: 'VariableValue' })
