import fs from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normaliseEmail, normaliseIdentity, normalisePhone } from './normalise.ts'

describe('an address', () => {
  test.each([
    ['Anna@Example.COM', 'anna@example.com'],
    ['jörg@Bücher.example', 'jörg@xn--bcher-kva.example'],
    ['jo\u0308rg@xn--bcher-kva.example', 'jörg@xn--bcher-kva.example'],
    ['用户@例子.广告', '用户@xn--fsqu00a.xn--4rr70v'],
    ['a.b+c@example.com.', 'a.b+c@example.com'],
  ])('%s is compared as %s', (raw, value) => {
    expect(normaliseEmail(raw)).toBe(value)
  })

  test('that only looks like another stays another', () => {
    expect(normaliseEmail('p\u0430ypal@example.com')).not.toBe(normaliseEmail('paypal@example.com'))
    expect(normaliseEmail('a@p\u0430ypal.com')).toBe('a@xn--pypal-4ve.com')
  })

  test.each([
    '',
    '@',
    'a@',
    '@b.de',
    'a b@c.de',
    'a@b',
    'a@b@c.de',
    'a@b_c.de',
    `${'a'.repeat(65)}@b.de`,
    'a\n@b.de',
    '<a@b.de>',
  ])('%j is none', raw => {
    expect(normaliseEmail(raw)).toBeNull()
  })

  test('normalised twice is the same', () => {
    fc.assert(
      fc.property(fc.emailAddress(), raw => {
        const value = normaliseEmail(raw)
        expect(value === null || normaliseEmail(value) === value).toBe(true)
      }),
    )
  })
})

describe('a number', () => {
  const file = new URL('./test-data/phone-numbers.json', import.meta.url)
  const examples: [string, string, string, string][] = JSON.parse(fs.readFileSync(file, 'utf8'))

  test('of any country is the same however it is written', () => {
    const wrong = examples.filter(([region, national, international, e164]) =>
      [normalisePhone(national, region), normalisePhone(international), normalisePhone(`tel:${e164}`)].some(
        value => value !== e164,
      ),
    )
    expect(wrong).toEqual([])
    expect(examples.length).toBeGreaterThan(400)
  })

  test('without its country is none', () => {
    expect(normalisePhone('0171 1234567')).toBeNull()
    expect(normalisePhone('0171 1234567', 'XX')).toBeNull()
    expect(normalisePhone('0171 1234567', 'DE')).toBe('+491711234567')
  })

  test('keeps its extension, behind which is another person', () => {
    expect(normalisePhone('650-253-0000 ext. 12', 'US')).toBe('+16502530000;ext=12')
  })

  test.each(['', 'hello', '12', '+', '9'.repeat(61), '+1 call me at 650 253 0000 now'])('%j is none', raw => {
    expect(normalisePhone(raw, 'US')).toBeNull()
  })
})

describe('any identity', () => {
  test('has a value that can be stored and indexed, whatever it was', () => {
    const kind = fc.constantFrom('email' as const, 'phone' as const, 'external' as const)
    fc.assert(
      fc.property(kind, fc.string({ unit: 'binary', maxLength: 2_000 }), (kind, raw) => {
        const { value, display } = normaliseIdentity(kind, raw, 'DE')
        expect(value.length).toBeLessThanOrEqual(320)
        expect(display.length).toBeLessThanOrEqual(320)
        expect(`${value}${display}`.isWellFormed()).toBe(true)
        expect(value).not.toContain('\u0000')
      }),
    )
  })

  test('that is too long is shortened without becoming another', () => {
    const long = 'x'.repeat(500)
    const values = [long, `${long}y`].map(raw => normaliseIdentity('external', raw).value)
    expect(new Set(values).size).toBe(2)
  })
})
