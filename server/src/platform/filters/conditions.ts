import { z } from 'zod'
import type { Actor } from '../context.ts'
import { invalid } from '../errors.ts'
import { findField, type RecordKind, visibleKind } from './fields.ts'
import { findOperator } from './operators.ts'

/**
 * What a record must be like, as data: `{ all: […] }`, `{ any: […] }`, `{ not: … }`, one question of one field, or
 * records that belong to it, at least so many (one unless told) or none. No condition at all holds for every record.
 */
export type Condition =
  | { all: Condition[] }
  | { any: Condition[] }
  | { not: Condition }
  | Question
  | { some: string; where?: Condition; atLeast?: number }
  | { none: string; where?: Condition }

export type Question = { field: string; is: string; value?: unknown }

const reference = { $ref: 'Condition' }
const shape = (properties: Record<string, unknown>, required: string[]) => ({
  type: 'object',
  properties,
  required,
})

/** On the wire; what is in it is checked by `checkCondition`, which says where something is wrong. */
export const WireCondition = z.unknown().meta({
  id: 'Condition',
  description:
    'Holds for a record or not. Which fields, operators and values there are is told by `GET /api/fields/:record`.',
  anyOf: [
    shape({ all: { type: 'array', items: reference } }, ['all']),
    shape({ any: { type: 'array', items: reference } }, ['any']),
    shape({ not: reference }, ['not']),
    shape({ field: { type: 'string' }, is: { type: 'string' }, value: {} }, ['field', 'is']),
    shape({ some: { type: 'string' }, where: reference, atLeast: { type: 'integer' } }, ['some']),
    shape({ none: { type: 'string' }, where: reference }, ['none']),
  ],
})

export type Problem = {
  path: string
  code:
    | 'malformed_condition'
    | 'condition_too_deep'
    | 'condition_too_long'
    | 'unknown_field'
    | 'unknown_relation'
    | 'unknown_operator'
    | 'wrong_value'
}

const deepest = 8
const mostQuestions = 200
const farthestCount = 1_000

/** Refuses what this actor may not ask of that kind of record, with the path to the first thing wrong. */
export function checkCondition(kind: RecordKind, actor: Actor, input: unknown): Condition {
  const { condition, problems } = readCondition(kind, actor, input)
  const [problem] = problems
  if (problem) throw invalid(problem.code, `This condition is not understood at “${problem.path}”.`, problem)
  return condition
}

/**
 * As far as it can be understood, with what cannot: a question about a field that is gone is left out, and so is
 * whatever needs its answer turned around. What was kept is to be read so, since fields come and go.
 */
export function readCondition(
  kind: RecordKind,
  actor: Actor,
  input: unknown,
): { condition: Condition; problems: Problem[] } {
  const problems: Problem[] = []
  let questions = 0

  function read(node: unknown, scope: Scope, path: string, depth: number): Condition | null {
    const fail = (code: Problem['code'], at = path) => {
      problems.push({ path: at, code })
      return null
    }
    if (depth > deepest) return fail('condition_too_deep')
    if (++questions > mostQuestions)
      return questions === mostQuestions + 1 ? fail('condition_too_long') : null
    if (!isObject(node)) return fail('malformed_condition')
    const word = whichOf(node)
    if (!word) return fail('malformed_condition')
    if (word === 'all' || word === 'any') return group(node, word)
    if (word === 'not') {
      const denied = read(node.not, scope, `${path}.not`, depth + 1)
      return denied && { not: denied }
    }
    return word === 'field' ? question(node) : related(node, word)

    function group(node: Record<string, unknown>, word: 'all' | 'any'): Condition | null {
      const parts = node[word]
      if (!Array.isArray(parts)) return fail('malformed_condition', `${path}.${word}`)
      const kept = parts.flatMap((part, n) => read(part, scope, `${path}.${word}.${n}`, depth + 1) ?? [])
      if (kept.length === 0 && parts.length > 0) return null
      return word === 'all' ? { all: kept } : { any: kept }
    }

    function question({ field: code, is, value }: Record<string, unknown>): Condition | null {
      const field = typeof code === 'string' ? findField(scope, code) : undefined
      if (!field) return fail('unknown_field', `${path}.field`)
      const found = typeof is === 'string' ? findOperator(is, field.type) : undefined
      if (!found) return fail('unknown_operator', `${path}.is`)
      const asked = found.operator.value(field)
      if (!asked) return { field: field.code, is: is as string }
      const parsed = asked.safeParse(value)
      if (!parsed.success) return fail('wrong_value', `${path}.value`)
      return { field: field.code, is: is as string, value: parsed.data }
    }

    function related(node: Record<string, unknown>, word: 'some' | 'none'): Condition | null {
      const relation = scope.relations.find(relation => relation.code === node[word])
      if (!relation) return fail('unknown_relation', `${path}.${word}`)
      const { atLeast } = node
      if (atLeast !== undefined && !isCount(atLeast)) return fail('wrong_value', `${path}.atLeast`)
      const where =
        node.where === undefined
          ? { all: [] }
          : read(node.where, { fields: relation.fields, relations: [] }, `${path}.where`, depth + 1)
      if (!where) return null
      if (word === 'none') return { none: relation.code, where }
      return { some: relation.code, where, ...(atLeast === undefined ? {} : { atLeast: atLeast as number }) }
    }
  }

  const condition = read(input, visibleKind(kind, actor), 'condition', 0)
  return { condition: condition ?? { all: [] }, problems }
}

type Scope = Omit<RecordKind, 'code'>

const words = ['all', 'any', 'not', 'field', 'some', 'none'] as const

/** A node is one thing only: of two words in it one would be overlooked. */
function whichOf(node: Record<string, unknown>) {
  const found = words.filter(word => Object.hasOwn(node, word))
  return found.length === 1 ? found[0] : undefined
}

const isObject = (node: unknown): node is Record<string, unknown> =>
  typeof node === 'object' && node !== null && !Array.isArray(node)

const isCount = (n: unknown) => Number.isInteger(n) && (n as number) >= 1 && (n as number) <= farthestCount
