import { describe, expect, test } from 'vitest'
import { nothingChosen, toggle } from './choosing.ts'

const rows = ['a', 'b', 'c', 'd', 'e']
const names = (chosen: { ids: ReadonlySet<string> }) => [...chosen.ids].sort().join('')

describe('choosing rows', () => {
  test('puts one in and out', () => {
    const one = toggle(nothingChosen, rows, 'b', false)
    expect(names(one)).toBe('b')
    expect(names(toggle(one, rows, 'b', false))).toBe('')
  })

  test('with shift takes all between, in either direction', () => {
    const one = toggle(nothingChosen, rows, 'd', false)
    expect(names(toggle(one, rows, 'b', true))).toBe('bcd')
    expect(names(toggle(toggle(nothingChosen, rows, 'a', false), rows, 'c', true))).toBe('abc')
  })

  test('with shift on a row that is chosen takes all between out', () => {
    const all = toggle(toggle(nothingChosen, rows, 'a', false), rows, 'e', true)
    expect(names(toggle(all, rows, 'c', true))).toBe('ab')
  })

  test('taking one out of all leaves the others that are loaded', () => {
    const chosen = toggle({ ids: new Set(), isAll: true, last: null }, rows, 'c', false)
    expect([names(chosen), chosen.isAll]).toEqual(['abde', false])
  })
})
