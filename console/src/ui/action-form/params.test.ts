import { describe, expect, test } from 'vitest'
import { isComplete, paramsFrom, paramsOf, withParam } from './params.ts'

const assign = {
  required: ['staffId'],
  properties: {
    staffId: { anyOf: [{ type: 'string', format: 'uuid', of: 'staff' }, { type: 'null' }] },
    note: { type: 'string', maxLength: 2_000 },
    onlyIfFree: { type: 'boolean', default: false },
    asBefore: { type: 'object', internal: true },
  },
}
const snooze = {
  takesOne: true,
  properties: { until: { type: 'string', format: 'date-time' }, forMinutes: { type: 'integer' } },
}
const addTags = { required: ['tags'], properties: { tags: { type: 'array', items: { type: 'string' } } } }

describe('the fields of an action', () => {
  test('are those a person is asked for', () => {
    expect(paramsOf(assign).map(({ name }) => name)).toEqual(['staffId', 'note', 'onlyIfFree'])
  })

  test('may be left empty where nothing is a value too', () => {
    const [staffId] = paramsOf(assign)
    expect(staffId).toMatchObject({ isRequired: false, param: { of: 'staff' } })
  })

  test('name no moment where it is written now and done later', () => {
    expect(paramsOf(snooze).map(({ name }) => name)).toEqual(['until', 'forMinutes'])
    expect(paramsOf(snooze, true).map(({ name }) => name)).toEqual(['forMinutes'])
  })

  test('say nothing for what was left empty, and null where the server wants a word', () => {
    expect(paramsFrom(assign, { staffId: undefined, note: '' })).toEqual({ staffId: null })
    expect(paramsFrom(assign, { staffId: 'a', onlyIfFree: true })).toEqual({ staffId: 'a', onlyIfFree: true })
  })

  test('are filled in once all that is required is said, or one of those that stand for each other', () => {
    expect(isComplete(assign, { staffId: null })).toBe(true)
    expect(isComplete(addTags, { tags: [] })).toBe(false)
    expect(isComplete(addTags, { tags: ['gift'] })).toBe(true)
    expect(isComplete(snooze, {})).toBe(false)
    expect(isComplete(snooze, { forMinutes: 60 })).toBe(true)
  })
})

describe('changing one of them', () => {
  test('leaves the others as they are', () => {
    expect(withParam(assign, { staffId: 'a' }, 'note', 'Please')).toEqual({ staffId: 'a', note: 'Please' })
  })

  test('takes back the other of two that stand for each other', () => {
    expect(withParam(snooze, { until: '2026-11-23T09:00Z' }, 'forMinutes', 60)).toEqual({ forMinutes: 60 })
  })

  test('empties what hangs upon it', () => {
    expect(withParam(assign, { staffId: 'a', note: 'Please' }, 'staffId', 'b', ['note'])).toEqual({
      staffId: 'b',
    })
  })
})
