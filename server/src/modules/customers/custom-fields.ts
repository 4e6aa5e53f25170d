import { asc } from 'drizzle-orm'
import { z } from 'zod'
import type { Ctx } from '../../platform/context.ts'
import { conflict, invalid } from '../../platform/errors.ts'
import type { NewCustomField } from './schemas.ts'
import { customFields } from './tables.ts'

type Values = Record<string, string | number | null>
type CustomFieldRecord = typeof customFields.$inferSelect

export const listCustomFields = async (ctx: Ctx) => ({
  items: await ctx.db.select().from(customFields).orderBy(asc(customFields.createdAt), asc(customFields.id)),
})

export async function createCustomField(ctx: Ctx, input: NewCustomField) {
  const choices = [...new Set(input.choices)]
  const [field] = await ctx.db
    .insert(customFields)
    .values({ ...input, choices, createdAt: ctx.now })
    .onConflictDoNothing()
    .returning()
  if (!field) throw conflict('custom_field_exists', 'There is a field with this key already.')
  ctx.audit('custom-field.created', `custom-field:${field.id}`)
  return field
}

/** Refuses values for fields that do not exist or are of another kind. Null empties a field. */
export async function checkCustomFields(ctx: Ctx, values: Values) {
  if (Object.keys(values).length === 0) return
  const { items } = await listCustomFields(ctx)
  const byKey = new Map(items.map(field => [field.key, field]))
  for (const [key, value] of Object.entries(values)) {
    const field = byKey.get(key)
    if (!field) throw invalid('unknown_custom_field', 'There is no custom field with this key.', { key })
    if (value !== null && !fits(field, value))
      throw invalid('invalid_custom_field', `The field takes a ${field.type}.`, { key, type: field.type })
  }
}

function fits({ type, choices }: CustomFieldRecord, value: string | number) {
  if (type === 'number') return typeof value === 'number'
  if (type === 'date') return z.iso.date().safeParse(value).success
  if (type === 'choice') return choices.includes(String(value)) && typeof value === 'string'
  return typeof value === 'string'
}
