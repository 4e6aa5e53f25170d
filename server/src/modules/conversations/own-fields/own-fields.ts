import { and, asc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import { z } from 'zod'
import { maskCardNumbers } from '../../../platform/card-numbers.ts'
import type { Ctx } from '../../../platform/context.ts'
import { conflict, found, invalid } from '../../../platform/errors.ts'
import type { Field } from '../../../platform/filters/fields.ts'
import type { ChannelKind } from '../../channels/tables.ts'
import { getStore } from '../../settings/stores.ts'
import {
  aboutOf,
  type ConversationRow,
  lockConversation,
  refuseStale,
  setFields,
  subjectOf,
} from '../conversations.ts'
import { conversationChanged, conversationFieldsChanged } from '../events.ts'
import { conversations } from '../tables.ts'
import type { ConversationFieldChange, FieldValues, NewConversationField } from './schemas.ts'
import { type ConversationFieldType, conversationFields } from './tables.ts'

type FieldRow = typeof conversationFields.$inferSelect
type Value = FieldValues['values'][string]

/** Those of all stores and of the stores one sees. */
export const listOwnFields = async (ctx: Ctx) => ({
  items: await ctx.db
    .select()
    .from(conversationFields)
    .where(inVisibleStores(ctx))
    .orderBy(asc(conversationFields.position), asc(conversationFields.createdAt), asc(conversationFields.id)),
})

export async function createOwnField(ctx: Ctx, input: NewConversationField) {
  refuseUnfitChoices(input.type, input.choices)
  if (input.storeId) await getStore(ctx, input.storeId)
  const [field] = await ctx.db
    .insert(conversationFields)
    .values({ ...input, createdAt: ctx.now })
    .onConflictDoNothing()
    .returning()
  if (!field) throw conflict('custom_field_exists', 'There is a field with this key already.')
  tell(ctx, 'created', field.id)
  return field
}

/** Its key and type stay: what was noted, and what views ask, keeps its meaning. */
export async function changeOwnField(ctx: Ctx, id: string, fields: ConversationFieldChange) {
  const is = and(eq(conversationFields.id, id), inVisibleStores(ctx))
  const [row] = await ctx.db.select().from(conversationFields).where(is).for('update')
  const before = found(row, 'conversation_field')
  refuseUnfitChoices(before.type, fields.choices ?? before.choices)
  if (fields.storeId) await getStore(ctx, fields.storeId)
  if (Object.keys(fields).length === 0) return before
  const [after] = await ctx.db.update(conversationFields).set(fields).where(is).returning()
  tell(ctx, 'changed', id, Object.keys(fields))
  return after!
}

/** Refuses what is of another kind than its field. Null empties one; a field nobody shows here may be emptied only. */
export async function setOwnFields(ctx: Ctx, id: string, { values, expectedVersion }: FieldValues) {
  const before = await lockConversation(ctx, id)
  refuseStale(ctx, before, expectedVersion)
  const { items } = await listOwnFields(ctx)
  const kept = { ...before.customFields }
  for (const [key, value] of Object.entries(values)) {
    const field = items.find(field => field.key === key)
    if (!field || !field.isActive)
      throw invalid('unknown_custom_field', 'There is no custom field with this key.', { key })
    if (value !== null && !fits(field, value))
      throw invalid('invalid_custom_field', `The field takes a ${field.type}.`, { key, type: field.type })
    if (value === null || value === '') delete kept[key]
    else kept[key] = typeof value === 'string' ? maskCardNumbers(value) : value
  }
  const changed = Object.keys({ ...before.customFields, ...kept }).filter(
    key => kept[key] !== before.customFields[key],
  )
  if (changed.length === 0) return before
  await setFields(ctx, id, { customFields: kept })
  ctx.emit(conversationChanged, { ...aboutOf(before), fields: ['customFields'] }, subjectOf(before))
  ctx.audit('conversation.changed', `conversation:${id}`, changed)
  return before
}

/** People fill in what is required before they resolve; the house itself need not. */
export async function refuseWithoutFields(
  ctx: Ctx,
  conversation: Pick<ConversationRow, 'customFields' | 'reason' | 'channelKind' | 'storeId'>,
) {
  if (ctx.actor.kind !== 'staff') return
  const { items } = await listOwnFields(ctx)
  const missing = items.filter(
    field =>
      field.isRequired && isShown(field, conversation) && conversation.customFields[field.key] === undefined,
  )
  if (missing.length > 0)
    throw invalid('fields_required', 'Fill in what is required before this is resolved.', {
      keys: missing.map(({ key }) => key),
    })
}

/** A field as conditions ask about it. Its code says its type, which never changes, so no table is read for it. */
export function ownFieldFor(code: string): Field | undefined {
  const [, type, key] = /^own_(text|number|choice|date|boolean)\.([a-z][a-z0-9_]{0,39})$/.exec(code) ?? []
  if (!type || !key) return undefined
  const value = sql`${conversations.customFields} -> ${key}::text`
  const text = sql`(${conversations.customFields} ->> ${key}::text)`
  const names = { code, zh: key, en: key }
  if (type === 'number')
    return {
      ...names,
      type: 'number',
      sql: sql`(case when jsonb_typeof(${value}) = 'number' then ${text}::float8 end)`,
    }
  if (type === 'boolean')
    return {
      ...names,
      type: 'boolean',
      sql: sql`(case when jsonb_typeof(${value}) = 'boolean' then ${text}::boolean end)`,
    }
  // Days are compared as the words they are: 2026-01-05 starts with 2026-01.
  return { ...names, type: type === 'choice' ? 'choice' : 'text', sql: text }
}

export async function describeOwnFields(ctx: Ctx): Promise<Field[]> {
  const { items } = await listOwnFields(ctx)
  return items
    .filter(({ isActive }) => isActive)
    .map(({ key, type, nameZh: zh, nameEn: en, choices }) => ({
      ...ownFieldFor(`own_${type}.${key}`)!,
      ...{ zh, en },
      ...(type === 'choice' && { choices }),
    }))
}

export const isShown = (
  { isActive, reasonGroups, channelKinds, storeId }: FieldRow,
  of: Pick<ConversationRow, 'reason' | 'channelKind' | 'storeId'>,
) =>
  isActive &&
  (storeId === null || storeId === of.storeId) &&
  (channelKinds.length === 0 || channelKinds.includes(of.channelKind as ChannelKind)) &&
  (reasonGroups.length === 0 || reasonGroups.includes(of.reason?.split('.', 1)[0] ?? ''))

const inVisibleStores = ({ actor }: Ctx) =>
  actor.storeIds === 'all'
    ? undefined
    : or(isNull(conversationFields.storeId), inArray(conversationFields.storeId, [...actor.storeIds]))

function fits({ type, choices }: FieldRow, value: NonNullable<Value>) {
  if (type === 'number') return typeof value === 'number'
  if (type === 'boolean') return typeof value === 'boolean'
  if (typeof value !== 'string') return false
  if (type === 'date') return value === '' || z.iso.date().safeParse(value).success
  return type === 'text' || value === '' || choices.includes(value)
}

function refuseUnfitChoices(type: ConversationFieldType, choices: string[]) {
  if ((type === 'choice') !== choices.length > 0)
    throw invalid('choices_mismatch', 'A choice has choices, and only a choice has.')
}

function tell(ctx: Ctx, what: 'created' | 'changed', id: string, fields?: string[]) {
  ctx.emit(conversationFieldsChanged, { fieldId: id })
  ctx.audit(`conversation_field.${what}`, `conversation_field:${id}`, fields)
}
