import { z } from 'zod'
import { channelKinds } from '../../channels/tables.ts'
import { conversationFieldTypes } from './tables.ts'

const Name = z.string().trim().min(1).max(100)
const Choices = z.array(z.string().trim().min(1).max(100)).max(200)

export const FieldKey = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/)
export const FieldValue = z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()])

const shown = {
  nameZh: Name,
  nameEn: Name,
  choices: Choices,
  isRequired: z.boolean(),
  /** None is all. */
  reasonGroups: z.array(z.string().max(40)).max(100),
  channelKinds: z.array(z.enum(channelKinds)).max(20),
  storeId: z.uuid().nullable(),
  position: z.number().int().min(0).max(100_000),
}

export const ConversationField = z
  .object({
    id: z.uuid(),
    key: z.string(),
    ...shown,
    type: z.enum(conversationFieldTypes),
    isActive: z.boolean(),
  })
  .meta({ id: 'ConversationField' })

export const ConversationFieldChange = z.object({ ...shown, isActive: z.boolean() }).partial()
export type ConversationFieldChange = z.output<typeof ConversationFieldChange>

export const NewConversationField = z.object({
  ...shown,
  key: FieldKey,
  type: z.enum(conversationFieldTypes),
  choices: Choices.default([]),
  isRequired: z.boolean().default(false),
  reasonGroups: shown.reasonGroups.default([]),
  channelKinds: shown.channelKinds.default([]),
  storeId: z.uuid().nullable().default(null),
  position: shown.position.default(0),
})
export type NewConversationField = z.output<typeof NewConversationField>

/** A field left out stays, one set to null is emptied. */
export const FieldValues = z.object({
  values: z.record(FieldKey, FieldValue),
  expectedVersion: z.number().int().optional(),
})
export type FieldValues = z.output<typeof FieldValues>
