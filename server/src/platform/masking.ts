import type { z } from 'zod'
import { type Actor, can } from './context.ts'

type Step = { path: string[]; permission: string; hide: 'email' | 'phone' | 'text' }
type Def = {
  type: string
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
  innerType?: z.ZodType
  options?: z.ZodType[]
  valueType?: z.ZodType
}

/**
 * Finds the masked fields of an answer once, when its route is registered, and answers the function that
 * blanks them for an actor who lacks the permission. Masking happens here, at serialisation, so that no
 * screen, export or new field of an old route can forget it.
 */
export function maskFor(schema: z.ZodType): ((answer: unknown, actor: Actor) => unknown) | null {
  const steps = findMasked(schema, [], new Set())
  if (steps.length === 0) return null
  return (answer, actor) => {
    for (const step of steps) if (!can(actor, step.permission)) hideAt(answer, step.path, step.hide)
    return answer
  }
}

function findMasked(schema: z.ZodType, path: string[], seen: Set<z.ZodType>): Step[] {
  if (seen.has(schema)) return []
  const within = new Set(seen).add(schema)
  const { maskedUnless, hide } = (schema.meta() ?? {}) as { maskedUnless?: string; hide?: Step['hide'] }
  if (maskedUnless) return [{ path, permission: maskedUnless, hide: hide ?? 'text' }]
  const def = schema.def as unknown as Def
  if (def.shape)
    return Object.entries(def.shape).flatMap(([key, field]) => findMasked(field, [...path, key], within))
  if (def.type === 'array' && def.element) return findMasked(def.element, [...path, '*'], within)
  if (def.type === 'record' && def.valueType) return findMasked(def.valueType, [...path, '*'], within)
  if (def.options) return def.options.flatMap(option => findMasked(option, path, within))
  return def.innerType ? findMasked(def.innerType, path, within) : []
}

function hideAt(value: unknown, path: string[], hide: Step['hide']): void {
  if (value === null || typeof value !== 'object') return
  const [key, ...rest] = path
  const record = value as Record<string, unknown>
  for (const k of key === '*' ? Object.keys(record) : [key!]) {
    if (rest.length > 0) hideAt(record[k], rest, hide)
    else if (typeof record[k] === 'string' && record[k] !== '') record[k] = hidden(record[k], hide)
  }
}

/** What a person without the permission still needs: enough to tell two customers apart, not to reach one. */
export function hidden(value: string, hide: Step['hide']): string {
  const [, first, domain, ending = ''] = /^(.)[^@]*@(.).*?(\.[^.]*)?$/su.exec(value) ?? []
  if (hide === 'email' && first) return `${first}•••@${domain}•••${ending}`
  if (hide === 'phone' && value.length > 8) return `${value.slice(0, 3)} ••• ${value.slice(-2)}`
  return `${[...value][0]}•••`
}
