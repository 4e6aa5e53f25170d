import type { SQL } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import { type Actor, type Ctx, can } from '../context.ts'

export const fieldTypes = ['text', 'number', 'instant', 'boolean', 'choice', 'reference', 'words'] as const
export type FieldType = (typeof fieldTypes)[number]

/** Whose ids a reference holds, so that a builder can offer names instead. */
export type ReferenceTo = 'staff' | 'team' | 'store' | 'channel' | 'customer' | (string & {})

/**
 * Something a condition may ask about. `sql` is an expression over the record's own table: a reference is a uuid,
 * words are a text[], an instant has milliseconds at most. What only some may see names its `permission`.
 */
export type Field = {
  code: string
  type: FieldType
  zh: string
  en: string
  sql: SQL
  choices?: readonly string[]
  of?: ReferenceTo
  permission?: string
}

/** Other records that belong to it. `from` is what follows the word FROM, up to a WHERE that ties them to the record. */
export type Relation = {
  code: string
  zh: string
  en: string
  from: SQL
  fields: readonly Field[]
  permission?: string
}

/** Whether this actor may see the record of an id, where he does not see all that his stores hold. */
export type Seen = (actor: Actor, id: SQL) => SQL | undefined

/** Where records of a kind are kept: for who locks one of them or goes through all. The columns say whose they are. */
export type RecordRows = {
  table: PgTable
  id: PgColumn
  storeId: PgColumn
  customerId?: PgColumn
  conversationId?: PgColumn
}

/**
 * Fields that a company makes itself. A code says all that is needed to ask about one, so that no table is read for a
 * condition; `list` names those there are.
 */
export type OwnFields = { find: (code: string) => Field | undefined; list: (ctx: Ctx) => Promise<Field[]> }

/** What modules say of one kind of record, each its own part; its rows are named by whom they belong to. */
export type FieldsOf = {
  record: string
  fields?: readonly Field[]
  relations?: readonly Relation[]
  /** For modules above, whose rows are about such records. */
  seen?: Seen
  rows?: RecordRows
  own?: OwnFields
}

export type RecordKind = {
  code: string
  fields: readonly Field[]
  relations: readonly Relation[]
  seen?: Seen
  rows?: RecordRows | undefined
  own?: OwnFields | undefined
}
export type RecordKinds = ReadonlyMap<string, RecordKind>

/** The kinds of record that all modules together describe. A code said twice is a mistake of ours. */
export function recordKindsOf(said: readonly FieldsOf[]): RecordKinds {
  const kinds = new Map<string, RecordKind>()
  for (const [code, parts] of Map.groupBy(said, part => part.record)) {
    const fields = parts.flatMap(part => part.fields ?? [])
    const relations = parts.flatMap(part => part.relations ?? [])
    for (const list of [fields, relations, ...relations.map(relation => relation.fields)])
      assertOnce(code, list)
    const seen = parts.find(part => part.seen)?.seen
    const rows = parts.find(part => part.rows)?.rows
    const own = parts.find(part => part.own)?.own
    kinds.set(code, { code, fields, relations, own, ...(seen && { seen }), ...(rows && { rows }) })
  }
  return kinds
}

function assertOnce(kind: string, list: readonly { code: string }[]) {
  const codes = list.map(({ code }) => code)
  const twice = codes.find((code, n) => codes.indexOf(code) !== n)
  if (twice) throw new Error(`Two modules describe ${kind}.${twice}`)
}

/** By its code, among those that modules declare and those that the company made. */
export const findField = (scope: Pick<RecordKind, 'fields' | 'own'>, code: string): Field | undefined =>
  scope.fields.find(field => field.code === code) ?? scope.own?.find(code)

/** What this actor may ask about; what he may not know of is not there for him. */
export const visibleKind = (kind: RecordKind, actor: Actor): RecordKind => {
  const isVisible = ({ permission }: { permission?: string }) => !permission || can(actor, permission)
  return {
    code: kind.code,
    own: kind.own,
    fields: kind.fields.filter(isVisible),
    relations: kind.relations
      .filter(isVisible)
      .map(relation => ({ ...relation, fields: relation.fields.filter(isVisible) })),
  }
}
