import { describe, expect, test } from 'vitest'
import { paramsFrom, paramsOf } from './params.ts'

const assign = {
  required: ['staffId'],
  properties: {
    staffId: { anyOf: [{ type: 'string', format: 'uuid', of: 'staff' }, { type: 'null' }] },
    note: { type: 'string', maxLength: 2_000 },
    onlyIfFree: { type: 'boolean', default: false },
    asBefore: { type: 'object', internal: true },
  },
}

describe('the fields of an action', () => {
  test('are those a person is asked for', () => {
    expect(paramsOf(assign).map(({ name }) => name)).toEqual(['staffId', 'note', 'onlyIfFree'])
  })

  test('may be left empty where nothing is a value too', () => {
    const [staffId] = paramsOf(assign)
    expect(staffId).toMatchObject({ isRequired: false, param: { of: 'staff' } })
  })

  test('say nothing for what was left empty, and null where the server wants a word', () => {
    expect(paramsFrom(assign, { staffId: undefined, note: '' })).toEqual({ staffId: null })
    expect(paramsFrom(assign, { staffId: 'a', onlyIfFree: true })).toEqual({ staffId: 'a', onlyIfFree: true })
  })
})
