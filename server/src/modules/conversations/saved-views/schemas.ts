import { z } from 'zod'
import { WireCondition } from '../../../platform/filters/conditions.ts'
import { fieldTypes } from '../../../platform/filters/fields.ts'
import { Conversation } from '../schemas.ts'
import { viewScopes, viewSorts } from './tables.ts'

export const SavedView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    condition: WireCondition,
    sort: z.enum(viewSorts),
    scope: z.enum(viewScopes),
    team: z.object({ id: z.uuid(), name: z.string() }).nullable(),
    owner: z.object({ id: z.uuid(), name: z.string() }),
    /** Whether the one who asks may change it. */
    isMine: z.boolean(),
    position: z.number().int(),
    /** What of its condition is no longer understood, or not for the one who asks; it is left out. */
    problems: z.array(z.object({ path: z.string(), code: z.string() })),
    version: z.number().int(),
  })
  .meta({ id: 'SavedView' })
export type SavedView = z.output<typeof SavedView>

const terms = {
  name: z.string().trim().min(1).max(80),
  condition: WireCondition,
  sort: z.enum(viewSorts),
  scope: z.enum(viewScopes),
  teamId: z.uuid().nullable(),
  position: z.number().int().min(0).max(1_000),
}

export const NewSavedView = z.object({
  ...terms,
  sort: terms.sort.default('clock'),
  scope: terms.scope.default('personal'),
  teamId: terms.teamId.default(null),
  position: terms.position.default(0),
})
export type NewSavedView = z.output<typeof NewSavedView>

export const SavedViewChange = z
  .object(terms)
  .partial()
  .extend({ expectedVersion: z.number().int().optional() })
export type SavedViewChange = z.output<typeof SavedViewChange>

/** `count` is null for a moment until it has been counted, and where counting would take too long. */
export const ViewCounts = z
  .object({
    items: z.array(z.object({ id: z.uuid(), count: z.number().int().nullable(), isMore: z.boolean() })),
  })
  .meta({ id: 'ViewCounts' })

export const PreviewRequest = z.object({ condition: WireCondition })
export const Preview = z
  .object({ count: z.number().int(), isMore: z.boolean(), items: z.array(Conversation) })
  .meta({ id: 'ViewPreview' })

const Field = z.object({
  code: z.string(),
  type: z.enum(fieldTypes),
  zh: z.string(),
  en: z.string(),
  choices: z.array(z.string()).nullable(),
  of: z.string().nullable(),
  operators: z.array(z.string()),
})
export const Fields = z
  .object({
    fields: z.array(Field),
    relations: z.array(
      z.object({ code: z.string(), zh: z.string(), en: z.string(), fields: z.array(Field) }),
    ),
  })
  .meta({ id: 'ConditionFields' })
