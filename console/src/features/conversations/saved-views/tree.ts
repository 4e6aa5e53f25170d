import type { RuleGroupType, RuleType } from 'react-querybuilder'
import { newId } from '../../../api/id.ts'
import type { Condition, ConditionFields } from './api.ts'
import { fits, shapeOf } from './shapes.ts'

/** A relation stands among the fields of the builder, where one of the same code may stand beside it. */
export const relationField = (code: string) => `${code}[]`
export const isRelationField = (name: string) => name.endsWith('[]')

/** Carries, whole, a part of a condition that the builder has no field for. */
export const keptField = '?'

type Scope = Pick<ConditionFields, 'fields'> & Partial<Pick<ConditionFields, 'relations'>>

/** A condition as the builder shows it; the outermost is always a group. */
export function toTree(condition: Condition, fields: Scope): RuleGroupType {
  const node = toNode(condition, fields)
  return 'rules' in node ? node : group('and', [node])
}

export type Compiled = {
  condition: Condition
  /** Rules that still lack a value and stand in no condition yet. */
  unfinished: string[]
  /** The rule that a path of the server's points into. */
  ruleAt: (path: string) => string | undefined
}

/** What the builder shows, as a condition. */
export function toCondition(tree: RuleGroupType, fields: Scope): Compiled {
  const places = new Map<string, string>()
  const unfinished: string[] = []

  function compile(node: RuleGroupType | RuleType, scope: Scope, path: string): Condition | null {
    if (!('rules' in node)) return rule(node, scope, path)
    const word = node.combinator === 'or' ? 'any' : 'all'
    const shown = node.rules.filter(part => typeof part !== 'string')
    const isDeniedRule = node.not && shown.length === 1
    const at = node.not ? `${path}.not` : path
    if (node.id) places.set(path, node.id)
    const parts: Condition[] = []
    for (const part of shown) {
      const compiled = compile(part, scope, isDeniedRule ? at : `${at}.${word}.${parts.length}`)
      if (compiled) parts.push(compiled)
    }
    // Of a group whose rules all lack a value nothing is known; an empty one was meant.
    if (parts.length === 0 && shown.length > 0) return null
    if (isDeniedRule) return { not: parts[0]! }
    const body: Condition = word === 'any' ? { any: parts } : { all: parts }
    return node.not ? { not: body } : body
  }

  function rule(node: RuleType, scope: Scope, path: string): Condition | null {
    if (node.id) places.set(path, node.id)
    if (node.field === keptField) return node.value as Condition
    if (isRelationField(node.field)) return related(node, scope, path)
    const field = scope.fields.find(({ code }) => code === node.field)
    const shape = field && shapeOf(field, node.operator)
    if (shape === 'none') return { field: node.field, is: node.operator }
    if (shape && fits(shape, node.value))
      return { field: node.field, is: node.operator, value: node.value as unknown }
    if (node.id) unfinished.push(node.id)
    return null
  }

  function related(node: RuleType, scope: Scope, path: string): Condition {
    const code = node.field.slice(0, -2)
    const relation = scope.relations?.find(relation => relation.code === code)
    const inner = isGroup(node.value)
      ? compile(node.value, { fields: relation?.fields ?? [] }, `${path}.where`)
      : null
    const where = inner ?? { all: [] }
    const { mode, threshold } = node.match ?? { mode: 'some' }
    if (mode === 'none') return { none: code, where }
    return mode === 'atLeast' && threshold !== 1
      ? { some: code, where, atLeast: threshold ?? 1 }
      : { some: code, where }
  }

  const condition = compile(tree, fields, 'condition') ?? { all: [] }
  return { condition, unfinished, ruleAt }

  function ruleAt(path: string): string | undefined {
    for (let at = path; at; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
      const id = places.get(at)
      if (id) return id
    }
  }
}

const isGroup = (value: unknown): value is RuleGroupType =>
  typeof value === 'object' && value !== null && 'rules' in value

function toNode(condition: Condition, scope: Scope): RuleGroupType | RuleType {
  if ('all' in condition) return group('and', nodes(condition.all, scope))
  if ('any' in condition) return group('or', nodes(condition.any, scope))
  if ('not' in condition) {
    const denied = toNode(condition.not, scope)
    return 'rules' in denied && !denied.not ? { ...denied, not: true } : group('and', [denied], true)
  }
  if ('field' in condition) {
    const field = scope.fields.find(({ code }) => code === condition.field)
    const shape = field && shapeOf(field, condition.is)
    if (!shape || (shape !== 'none' && !fits(shape, condition.value))) return kept(condition)
    return { id: newId(), field: condition.field, operator: condition.is, value: condition.value }
  }
  const code = 'some' in condition ? condition.some : condition.none
  const relation = scope.relations?.find(relation => relation.code === code)
  if (!relation) return kept(condition)
  const least = 'some' in condition ? (condition.atLeast ?? 1) : 0
  return {
    id: newId(),
    field: relationField(code),
    operator: '=',
    match:
      'none' in condition
        ? { mode: 'none' }
        : least > 1
          ? { mode: 'atLeast', threshold: least }
          : { mode: 'some' },
    value: toTree(condition.where ?? { all: [] }, relation),
  }
}

const nodes = (parts: readonly Condition[], scope: Scope) => parts.map(part => toNode(part, scope))

const group = (
  combinator: 'and' | 'or',
  rules: (RuleGroupType | RuleType)[],
  not?: boolean,
): RuleGroupType => ({ id: newId(), combinator, rules, ...(not && { not }) })

const kept = (condition: Condition): RuleType => ({
  id: newId(),
  field: keptField,
  operator: '=',
  value: condition,
})
