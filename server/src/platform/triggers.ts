import { z } from 'zod'
import type { Ctx } from './context.ts'
import type { EventType } from './events.ts'

/**
 * Something that happens to a record and that a rule can wait for. `params` narrow it down by what the event carries;
 * what the record is like is asked by conditions.
 */
type TriggerDeclaration<T, P extends z.ZodObject> = {
  code: string
  record: string
  zh: string
  en: string
  event: EventType<T>
  params: P
  recordOf: (payload: T) => string
  fits?: (payload: T, params: z.output<P>) => boolean
}

// biome-ignore lint/suspicious/noExplicitAny: triggers of all shapes stand in one list; each was checked where it was declared
export type Trigger = TriggerDeclaration<any, any>
export type TriggerKinds = ReadonlyMap<string, Trigger>

export const defineTrigger = <T, P extends z.ZodObject>(trigger: TriggerDeclaration<T, P>): Trigger => trigger

/** For what asks for nothing more. */
export const noParams = z.object({})

/** All that can be waited for, by record and code. One said twice is a mistake of ours. */
export function triggerKindsOf(said: readonly Trigger[]): TriggerKinds {
  const kinds = new Map(said.map(trigger => [keyOf(trigger.record, trigger.code), trigger]))
  if (kinds.size < said.length) throw new Error('Two triggers share a code')
  return kinds
}

export const findTrigger = (kinds: TriggerKinds, record: string, code: string) =>
  kinds.get(keyOf(record, code))

/** Described for a builder: `params` is a JSON Schema. */
export const describeTriggers = (ctx: Ctx, record: string) =>
  [...ctx.triggers.values()]
    .filter(trigger => trigger.record === record)
    .map(({ code, zh, en, params }) => ({
      code,
      zh,
      en,
      params: z.toJSONSchema(params, { io: 'input' }) as Record<string, unknown>,
    }))

const keyOf = (record: string, code: string) => `${record} ${code}`
