import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import type { Actor } from './context.ts'
import { hidden, maskFor } from './masking.ts'
import { masked } from './route.ts'

const actor = (...permissions: string[]): Actor => ({
  kind: 'staff',
  id: null,
  name: '',
  permissions: new Set(permissions),
  storeIds: 'all',
})
const mail = masked(z.string(), 'mail:see', 'email')

describe('a masked field', () => {
  test.each([
    ['in an object', z.object({ mail }), { mail: 'ann@shop.example' }, { mail: 'a•••@s•••.example' }],
    ['that may be absent', z.object({ mail: mail.nullable().optional() }), {}, {}],
    ['that may be null', z.object({ mail: mail.nullable() }), { mail: null }, { mail: null }],
    [
      'with a default',
      z.object({ mail: mail.default('x@y.z') }),
      { mail: 'ann@b.c' },
      { mail: 'a•••@b•••.c' },
    ],
    ['in a list of a list', z.array(z.array(mail)), [['ann@b.c']], [['a•••@b•••.c']]],
    [
      'in a record',
      z.record(z.string(), z.object({ mail })),
      { k: { mail: 'ann@b.c' } },
      { k: { mail: 'a•••@b•••.c' } },
    ],
    [
      'in one of several shapes',
      z.union([z.object({ n: z.number() }), z.object({ mail })]),
      { mail: 'ann@b.c' },
      { mail: 'a•••@b•••.c' },
    ],
    ['that is empty', z.object({ mail }), { mail: '' }, { mail: '' }],
  ])('%s', (_where, schema, answer, wanted) => {
    const mask = maskFor(schema as z.ZodType)!
    expect(mask(structuredClone(answer), actor())).toEqual(wanted)
    expect(mask(structuredClone(answer), actor('mail:see'))).toEqual(answer)
  })

  test('is hidden from who holds another permission only', () => {
    expect(maskFor(z.object({ mail }))!({ mail: 'ann@b.c' }, actor('mail:write'))).toEqual({
      mail: 'a•••@b•••.c',
    })
  })

  test('costs nothing where there is none', () => expect(maskFor(z.object({ a: z.string() }))).toBeNull())

  test('is found in a shape that holds itself', () => {
    const tree: z.ZodType = z.object({
      mail,
      get children() {
        return z.array(tree)
      },
    })
    const mask = maskFor(tree)!
    expect(mask({ mail: 'ann@b.c', children: [] }, actor())).toEqual({ mail: 'a•••@b•••.c', children: [] })
  })
})

describe('what is left of a value', () => {
  test.each([
    ['email', 'ann@shop.example'],
    ['email', 'no address at all'],
    ['email', 'two\nlines@shop.example'],
    ['email', 'ann@two\nlines.example'],
    ['email', '"a@b"@shop.example'],
    ['phone', '+4915175550199'],
    ['phone', '12345'],
    ['phone', '110'],
    ['text', 'Ann'],
    ['text', '👩‍👩‍👧 family'],
  ] as const)('%s of %j does not give it away', (hide, value) => {
    const left = hidden(value, hide)
    expect(left).toContain('•••')
    const letters = [...left.replaceAll(/[•\s@.]/g, '')].length
    expect(letters).toBeLessThan([...value].length - 2 + (value.length < 4 ? 1 : 0))
  })
})
