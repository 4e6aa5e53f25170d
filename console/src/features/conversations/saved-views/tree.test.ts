import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Condition, ConditionFields, Field } from './api.ts'
import { keptField, toCondition, toTree } from './tree.ts'

const field = (code: string, type: Field['type'], ...operators: string[]): Field => ({
  code,
  type,
  zh: code,
  en: code,
  choices: null,
  of: null,
  operators,
})
const named = [field('subject', 'text', 'is', 'contains', 'is_empty'), field('tags', 'words', 'has_any')]
const fields: ConditionFields = {
  fields: [...named, field('opened_at', 'instant', 'older_than', 'on'), field('messages', 'number', 'above')],
  relations: [{ code: 'messages', zh: '消息', en: 'Messages', fields: named }],
}
const about = (word: string) => ({ field: 'subject', is: 'is', value: word })
const back = (condition: Condition) => toCondition(toTree(condition, fields), fields)

describe('a condition', () => {
  test.each<[string, Condition]>([
    ['of nothing', { all: [] }],
    ['of anything of nothing', { any: [] }],
    ['of several', { all: [about('a'), { any: [about('b'), about('c')] }] }],
    ['that is denied', { not: { any: [about('a'), about('b')] } }],
    ['with one rule denied', { all: [{ not: about('a') }, { field: 'subject', is: 'is_empty' }] }],
    ['denied twice', { not: { not: { all: [about('a'), about('b')] } } }],
    [
      'of a span, a day and a number',
      {
        all: [
          { field: 'opened_at', is: 'older_than', value: { n: 2, unit: 'business_hours' } },
          { field: 'opened_at', is: 'on', value: '2026-02-03' },
          { field: 'messages', is: 'above', value: 0 },
        ],
      },
    ],
    [
      'of related records',
      {
        all: [
          { some: 'messages', where: { all: [about('a')] }, atLeast: 3 },
          { none: 'messages', where: { any: [] } },
        ],
      },
    ],
    [
      'with parts the builder does not know',
      {
        all: [
          { field: 'weather', is: 'is', value: 'rain' },
          { field: 'subject', is: 'rhymes_with', value: 'x' },
          { field: 'tags', is: 'has_any', value: { odd: true } },
          { some: 'wheels' },
        ],
      },
    ],
  ])('%s comes back as it was', (_, condition) => {
    expect(back(condition)).toMatchObject({ condition, unfinished: [] })
  })

  test('keeps whole what the builder cannot show', () => {
    const condition = { all: [about('a'), { some: 'wheels', where: about('b') }] }
    expect(toTree(condition, fields).rules).toMatchObject([
      { field: 'subject' },
      { field: keptField, value: condition.all[1] },
    ])
  })

  test('holds for the same after it went through the builder, whatever it is', () => {
    const question = fc.constantFrom('a', 'b', 'c', 'd').map(about)
    const some = fc.record({ some: fc.constant('messages'), where: question, atLeast: fc.constantFrom(1, 2) })
    const { condition } = fc.letrec<{ condition: Condition }>(tie => ({
      condition: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        question,
        some,
        fc.record({ all: fc.array(tie('condition'), { maxLength: 3 }) }),
        fc.record({ any: fc.array(tie('condition'), { maxLength: 3 }) }),
        fc.record({ not: tie('condition') }),
      ),
    }))
    fc.assert(
      fc.property(condition, fc.subarray(['a', 'b', 'c', 'd', '1', '2']), (before, truths) => {
        expect(holds(back(before).condition, truths)).toBe(holds(before, truths))
      }),
    )
  })
})

function holds(condition: Condition, truths: string[]): boolean {
  if ('all' in condition) return condition.all.every(part => holds(part, truths))
  if ('any' in condition) return condition.any.some(part => holds(part, truths))
  if ('not' in condition) return !holds(condition.not, truths)
  if ('field' in condition) return truths.includes(condition.value as string)
  if ('none' in condition) return !holds(condition.where!, truths)
  return holds(condition.where!, truths) && truths.includes(String(condition.atLeast ?? 1))
}

describe('a rule in the making', () => {
  const tree = toTree({ all: [about('a'), { any: [about('b'), about('c')] }] }, fields)
  const [first, inner] = tree.rules as { id: string; rules: { id: string }[] }[]

  test('is left out while it has no value, and named', () => {
    const begun = { ...tree, rules: [{ ...first!, value: '' }, inner!] } as typeof tree
    expect(toCondition(begun, fields)).toMatchObject({
      condition: { all: [{ any: [about('b'), about('c')] }] },
      unfinished: [first!.id],
    })
  })

  test('is found by the path of what the server refuses', () => {
    const { ruleAt } = toCondition(tree, fields)
    expect(ruleAt('condition.all.0.value')).toBe(first!.id)
    expect(ruleAt('condition.all.1.any.1.field')).toBe(inner!.rules[1]!.id)
    expect(ruleAt('condition')).toBe(tree.id)
  })

  test('is found within related records too, and beside rules that are left out', () => {
    const where = toTree({ all: [{ some: 'messages', where: { all: [about('x')] } }] }, fields)
    const begun = { ...where, rules: [{ ...first!, value: '' }, ...where.rules] } as typeof where
    const [related] = where.rules as { value: { rules: { id: string }[] } }[]
    expect(toCondition(begun, fields).ruleAt('condition.all.0.where.all.0.value')).toBe(
      related!.value.rules[0]!.id,
    )
  })
})
