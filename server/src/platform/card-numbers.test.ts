import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cpuTime } from '../../test/cpu-time.ts'
import { findCardNumbers, maskCardNumbers } from './card-numbers.ts'

describe('a card number', () => {
  test.each([
    ['in one run', 'my card 4111111111111111, thanks', 'my card ••••••••••••1111, thanks'],
    ['in groups', '4111 1111 1111 1111', '•••• •••• •••• 1111'],
    ['with dashes', 'card:5500-0000-0000-0004.', 'card:••••-••••-••••-0004.'],
    ['of American Express', '3782 822463 10005', '•••• •••••• •0005'],
    ['of UnionPay, 19 digits', '6212345678900000003', '•••••••••••••••0003'],
    ['in Chinese', '卡号4111111111111111谢谢', '卡号••••••••••••1111谢谢'],
    ['beside another', '4111111111111111 5500000000000004', '••••••••••••1111 ••••••••••••0004'],
    ['in groups beside its date', '4111 1111 1111 1111 12 29', '•••• •••• •••• 1111 12 29'],
    ['with non-breaking spaces', '4111\u00a01111\u00a01111\u00a01111', '••••\u00a0••••\u00a0••••\u00a01111'],
  ])('%s is masked but for its last four digits', (_, text, masked) => {
    expect(maskCardNumbers(text)).toBe(masked)
  })

  test.each([
    ['a wrong check digit', '4111111111111112'],
    ['of no network', '9111111111111111'],
    ['a phone number', '+4915112345678901'],
    ['an order number of Amazon', '113-1111111-1111111'],
    ['a longer number', '41111111111111110000000'],
    ['a tracking number with letters', 'RB4111111111111111CN'],
    ['a tracking number of USPS', '9400111899223197428490'],
    ['an amount', '1,234,567,890,123.45'],
    ['a path', 'https://shop.example/4111111111111111'],
    ['an IBAN', 'DE4111111111111111'],
  ])('is not %s', (_, text) => {
    expect(maskCardNumbers(text)).toBe(text)
  })

  test('of any network is found among other words, and nothing else changes', () => {
    const network = fc.constantFrom(
      ...['4', '51', '2221', '34', '6011', '36', '3530', '62', '2200'].map(prefix => ({
        prefix,
        length: prefix === '34' ? 15 : prefix === '36' ? 14 : 16,
      })),
    )
    const card = fc
      .tuple(network, fc.array(fc.nat(9), { minLength: 16, maxLength: 16 }))
      .map(([card, digits]) => {
        const body = (card.prefix + digits.join('')).slice(0, card.length - 1)
        return body + checkDigit(body)
      })
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'é', '我', ' ', ','), maxLength: 8 })
    fc.assert(
      fc.property(word, card, word, (before, number, after) => {
        const text = `${before} ${number} ${after}`
        const masked = maskCardNumbers(text)
        expect(masked).toBe(text.replace(number, '•'.repeat(number.length - 4) + number.slice(-4)))
        expect(findCardNumbers(masked)).toEqual([])
      }),
    )
  })

  test('is looked for in time that grows with the text', () => {
    const hostile = (n: number) => ['4 '.repeat(n), '4111'.repeat(n), '4-1-1-1.'.repeat(n), ' '.repeat(n)]
    for (const [n, short] of hostile(5_000).entries()) {
      const base = cpuTime(() => maskCardNumbers(short))
      expect(cpuTime(() => maskCardNumbers(hostile(40_000)[n]!))).toBeLessThan(50 + 16 * base)
    }
  })
})

/** Written another way than the code: from the right, table of doubled digits. */
function checkDigit(body: string) {
  const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9]
  const sum = [...body]
    .reverse()
    .reduce((sum, digit, n) => sum + (n % 2 === 0 ? doubled[Number(digit)]! : Number(digit)), 0)
  return String((10 - (sum % 10)) % 10)
}
