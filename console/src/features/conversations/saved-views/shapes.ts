import type { Field } from './api.ts'

export const periods = [
  'today',
  'yesterday',
  'tomorrow',
  'this_week',
  'last_week',
  'this_month',
  'last_month',
] as const
export const spanUnits = ['minutes', 'hours', 'days', 'business_hours'] as const
export type Span = { n: number; unit: (typeof spanUnits)[number] }

/** What a question is answered with, and so which editor is shown. */
export type Shape = 'none' | 'line' | 'number' | 'moment' | 'day' | 'period' | 'span' | 'list'

const shapes: Record<string, Shape> = {
  is: 'line',
  is_not: 'line',
  contains: 'line',
  not_contains: 'line',
  starts_with: 'line',
  equals: 'number',
  not_equals: 'number',
  above: 'number',
  below: 'number',
  before: 'moment',
  after: 'moment',
  on: 'day',
  within: 'period',
  last: 'span',
  next: 'span',
  older_than: 'span',
  is_true: 'none',
  is_false: 'none',
  in: 'list',
  not_in: 'list',
  has_any: 'list',
  has_all: 'list',
  has_none: 'list',
  is_empty: 'none',
  is_set: 'none',
}

/** Undefined where the field does not take this operator, or it is younger than this console. */
export const shapeOf = (field: Pick<Field, 'operators'>, operator: string): Shape | undefined =>
  field.operators.includes(operator) ? shapes[operator] : undefined

/** Operators that this console has words and an editor for. */
export const knownOperators = (field: Pick<Field, 'operators'>) =>
  field.operators.filter(operator => Object.hasOwn(shapes, operator))

/** Whether it is such a value, so that one left over from another operator is not taken for it. */
export function fits(shape: Shape, value: unknown): boolean {
  if (shape === 'none') return true
  if (shape === 'number') return typeof value === 'number' && Number.isFinite(value)
  if (shape === 'list')
    return Array.isArray(value) && value.length > 0 && value.every(word => typeof word === 'string')
  if (shape === 'span') return isSpan(value)
  if (typeof value !== 'string' || value === '') return false
  if (shape === 'period') return periods.some(period => period === value)
  if (shape === 'day') return /^\d{4}-\d\d-\d\d$/.test(value)
  return shape === 'line' || /^\d{4}-\d\d-\d\dT/.test(value)
}

function isSpan(value: unknown): value is Span {
  if (typeof value !== 'object' || value === null) return false
  const { n, unit } = value as Partial<Span>
  return Number.isInteger(n) && n! > 0 && spanUnits.some(known => known === unit)
}
