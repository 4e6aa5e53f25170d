import { z } from 'zod'
import { uuidv7 } from './columns.ts'
import { type Ctx, can } from './context.ts'
import { forbidden, invalid } from './errors.ts'

/** An action by its code, with what it needs: what macros, bulk jobs and rules are made of. */
export const ActionCall = z
  .object({ code: z.string().max(60), params: z.record(z.string(), z.unknown()).default({}) })
  .strict()
  .meta({ id: 'ActionCall' })
export type ActionCall = z.output<typeof ActionCall>

/** `undo` is what brings the record back to how it was; null where nothing can, say of a message that was sent. */
export type Done = { changed: boolean; undo: readonly ActionCall[] | null }

/**
 * Something that may be done to a record in one step: by a person's macro, to many at once, or by a rule. Its
 * `params` are an object; where one holds an id, `meta({ of: 'staff' })` says whose, so that a builder can offer names.
 */
type ActionDeclaration<P extends z.ZodObject> = {
  code: string
  record: string
  zh: string
  en: string
  permission: `${string}:${string}`
  /** What it needs besides where it is done to many at once. */
  permissionForMany?: `${string}:${string}`
  params: P
  /** It says something to the customer: nothing brings it back, and who does many counts them. */
  sends?: true
  /** Locks all it touches in the order of everybody, where that is more than the record itself; it comes before all else. */
  lock?: (ctx: Ctx, id: string, params: z.output<P>) => Promise<unknown>
  /** `once` names this one doing: what was said under it already is not said again. */
  run: (ctx: Ctx, id: string, params: z.output<P>, once: string) => Promise<Done>
}

// biome-ignore lint/suspicious/noExplicitAny: actions of all shapes stand in one list; each was checked where it was declared
export type Action = ActionDeclaration<any>
export type ActionKinds = ReadonlyMap<string, Action>

export const defineAction = <P extends z.ZodObject>(action: ActionDeclaration<P>): Action => action

/** To one record because somebody chose it, or to many because they were chosen together. */
export type Reach = 'one' | 'many'

export const nothingChanged: Done = { changed: false, undo: [] }

/** All that can be done, by record and code. One said twice is a mistake of ours. */
export function actionKindsOf(said: readonly Action[]): ActionKinds {
  const kinds = new Map(said.map(action => [keyOf(action.record, action.code), action]))
  if (kinds.size < said.length) throw new Error('Two actions share a code')
  return kinds
}

/** What this actor may do to such a record, described for a builder: `params` is a JSON Schema. */
export const describeActions = (ctx: Ctx, record: string) =>
  [...ctx.actions.values()]
    .filter(action => action.record === record && can(ctx.actor, action.permission))
    .map(({ code, zh, en, params, sends = false }) => ({
      code,
      zh,
      en,
      sends,
      params: z.toJSONSchema(params, { io: 'input' }) as Record<string, unknown>,
    }))

/** Refuses, with the place in the list, what is unknown, is not his to do, or lacks what it needs. */
export function checkCalls(
  ctx: Ctx,
  record: string,
  calls: readonly ActionCall[],
  at: string,
  reach: Reach = 'one',
) {
  for (const [n, call] of calls.entries()) checkCall(ctx, record, call, `${at}.${n}`, reach)
}

export function checkCall(ctx: Ctx, record: string, call: ActionCall, path: string, reach: Reach = 'one') {
  checked(ctx, record, call, path, reach)
}

/** Does it now, in the caller's transaction; what the record's own verb refuses is refused here. */
export function perform(
  ctx: Ctx,
  record: string,
  id: string,
  call: ActionCall,
  { once = uuidv7(), reach = 'one' }: { once?: string; reach?: Reach } = {},
): Promise<Done> {
  const { action, params } = checked(ctx, record, call, call.code, reach)
  return action.run(ctx, id, params, once)
}

export const findAction = (ctx: Ctx, record: string, code: string) => ctx.actions.get(keyOf(record, code))

/** For who performs several in one transaction: locks what they touch before the first of them changes anything. */
export async function lockForAll(ctx: Ctx, record: string, id: string, calls: readonly ActionCall[]) {
  for (const call of calls) {
    const { action, params } = checked(ctx, record, call, call.code, 'one')
    await action.lock?.(ctx, id, params)
  }
}

function checked(ctx: Ctx, record: string, call: ActionCall, path: string, reach: Reach) {
  const action = findAction(ctx, record, call.code)
  if (!action) throw invalid('unknown_action', 'There is no such action.', { path: `${path}.code` })
  for (const permission of [action.permission, reach === 'many' ? action.permissionForMany : undefined])
    if (permission && !can(ctx.actor, permission))
      throw forbidden('permission_denied', `This needs the permission ${permission}.`)
  const { data, error } = action.params.strict().safeParse(call.params)
  const issue = error?.issues[0]
  if (issue)
    throw invalid('invalid_action', issue.message, { path: [path, 'params', ...issue.path].join('.') })
  return { action, params: data }
}

const keyOf = (record: string, code: string) => `${record} ${code}`
