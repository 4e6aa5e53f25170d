import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { readJson } from './request-shapes.ts'

const Word = z.object({ text: z.string().default('nothing') })
const read = (body: string) => readJson(Word, Buffer.from(body))

describe('the JSON of a raw route’s body', () => {
  test('is read as other routes read theirs, without what PostgreSQL does not store', () => {
    expect(read('{"text":"a\\u0000b\\ud800"}')).toEqual({ text: 'ab\ufffd' })
  })

  test('may be left out where nothing in it is needed', () => {
    expect(read('')).toEqual({ text: 'nothing' })
    expect(readJson(Word, undefined)).toEqual({ text: 'nothing' })
  })

  test.each([
    ['an unknown field', '{"text":"a","isAdmin":true}', 'body'],
    ['another type', '{"text":1}', 'body.text'],
    ['what is no JSON', '{"text":', 'body'],
  ])('with %s is refused with its place', (_, body, path) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'invalid_request', details: [expect.objectContaining({ path })] }),
    )
  })

  test('nested without end is refused', () => {
    const Any = z.object({ deep: z.unknown() })
    const deep = `${'{"deep":'.repeat(60)}1${'}'.repeat(60)}`
    expect(() => readJson(Any, Buffer.from(deep))).toThrow(expect.objectContaining({ code: 'too_deep' }))
  })
})
