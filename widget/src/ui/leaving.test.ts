import { describe, expect, test } from 'vitest'
import { needsEmail, wrongIn } from './leaving.ts'

describe('a mail address', () => {
  test.each([
    [false, true, true],
    [false, false, false],
    [false, undefined, false],
    [true, true, false],
  ])('shop open: %s, setting: %s, is needed: %s', (open, requireContactWhenClosed, needed) => {
    expect(
      needsEmail({ open, ...(requireContactWhenClosed !== undefined && { requireContactWhenClosed }) }),
    ).toBe(needed)
  })

  test('is not needed before the shop has said so', () => {
    expect(needsEmail(null)).toBe(false)
  })
})

describe('a message', () => {
  const left = { name: 'Ada', email: '', text: 'Hello' }

  test('without a mail address is left where none is needed, and held back where one is', () => {
    expect(wrongIn(left, { isNamed: false, isEmailNeeded: false })).toEqual([])
    expect(wrongIn(left, { isNamed: false, isEmailNeeded: true })).toEqual(['email'])
    expect(wrongIn({ ...left, email: ' ' }, { isNamed: false, isEmailNeeded: true })).toEqual(['email'])
  })

  test('with an address that is none is held back either way', () => {
    for (const isEmailNeeded of [true, false])
      expect(wrongIn({ ...left, email: 'ada@' }, { isNamed: false, isEmailNeeded })).toEqual(['email'])
    expect(wrongIn({ ...left, email: 'ada@b.example' }, { isNamed: false, isEmailNeeded: true })).toEqual([])
  })

  test('of somebody the shop vouches for needs words and nothing else', () => {
    expect(wrongIn({ name: '', email: '', text: 'Hi' }, { isNamed: true, isEmailNeeded: true })).toEqual([])
    expect(wrongIn({ name: '', email: '', text: ' ' }, { isNamed: true, isEmailNeeded: true })).toEqual([
      'text',
    ])
  })
})
