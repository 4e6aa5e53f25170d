import type { ActionKinds } from './actions.ts'
import type { Db } from './db.ts'
import type { EventType } from './events.ts'
import type { RecordKinds } from './filters/fields.ts'
import type { TriggerKinds } from './triggers.ts'
import type { VariableSources } from './variables.ts'

/**
 * Who acts. `storeIds` is what the actor may see; `permissions` what he may do. A visitor acts for one
 * customer, `id` is that customer's; the system has no id.
 */
export type Actor = {
  kind: 'staff' | 'api_key' | 'visitor' | 'system'
  id: string | null
  name: string
  permissions: ReadonlySet<string>
  storeIds: readonly string[] | 'all'
  /** Where present, of what is in people's hands he sees only his own and what these teams hold. */
  teamIds?: readonly string[]
  /** What the actor's sign is bound to: a visitor's token to his channel and identity. */
  bound?: Readonly<Record<string, string>>
}

export type Subject = { customerId?: string | null; conversationId?: string | null }

/**
 * What business code may touch: who acts, where rows go, what time it is, who hears of it. In a write,
 * `db` is already the transaction; nothing below a route opens one. `now` is the database's clock in
 * production and a value to move in tests.
 */
export type Ctx = {
  db: Db
  actor: Actor
  now: Date
  /** What conditions may ask about, of all modules together. */
  records: RecordKinds
  /** What can be done to records, of all modules together. */
  actions: ActionKinds
  /** What rules can wait for, of all modules together. */
  triggers: TriggerKinds
  /** What texts about records may name, of all modules together. */
  variables: VariableSources
  emit<T>(event: EventType<T>, payload: NoInfer<T>, subject?: Subject): void
  /** Notes who did what to which object (ids and field names only, never contents) in the audit chain. */
  audit(action: string, object: string, fields?: string[]): void
}

const everything: ReadonlySet<string> = Object.freeze(
  Object.assign(new Set<string>(), { has: () => true }) as ReadonlySet<string>,
)

export const system: Actor = {
  kind: 'system',
  id: null,
  name: 'Afar',
  permissions: everything,
  storeIds: 'all',
}

export const can = (actor: Actor, permission: string) => actor.permissions.has(permission)
export const sees = (actor: Pick<Actor, 'storeIds'>, storeId: string) =>
  actor.storeIds === 'all' || actor.storeIds.includes(storeId)
