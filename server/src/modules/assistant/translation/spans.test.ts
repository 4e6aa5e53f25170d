import { describe, expect, test } from 'vitest'
import { cpuTime } from '../../../../test/cpu-time.ts'
import { findSpans } from './spans.ts'

const kept = (text: string) => findSpans(text).map(({ at, end }) => text.slice(at, end))

describe('what a translation must carry over', () => {
  test.each([
    ['Where is my order #1042-88?', ['#1042-88']],
    ['订单303-1234567-1234567还没到', ['303-1234567-1234567']],
    ['tracking: LP00123456789CN, thanks', ['LP00123456789CN']],
    ['Paket RB 123 456 789 kam nicht', ['123 456 789']],
    ['see https://shop.example/a?b=1&c=(2). Thanks', ['https://shop.example/a?b=1&c=(2']],
    ['(https://shop.example/a)', ['https://shop.example/a']],
    ['请看https://shop.example/路径', ['https://shop.example/']],
    ['www.shop.example, please', ['www.shop.example']],
    ['write to ana.müller+x@mail.example.', ['ana.müller+x@mail.example']],
    ['I paid $19.99 or 1 299,00 € or EUR 5 or HK$20', ['$19.99', '1 299,00 €', 'EUR 5', 'HK$20']],
    ['CHF 1’200.50 bitte', ['CHF 1’200.50']],
    ['size AB12-XL, 2nd try', ['AB12-XL']],
    ['call +49 151 1234567', ['+49 151 1234567']],
    ['Hello {{customer.name}}, hi', ['{{customer.name}}']],
    ['ask @anna now', ['@anna']],
    ['thanks 👍🏽❤️ bye', ['👍🏽❤️']],
    ['my card •••• •••• •••• 4242 ok', ['•••• •••• •••• 4242']],
    ['on 07/03/2026 at 10:30', ['07/03/2026']],
    ['an ⟦0⟧ of mine', ['⟦', '⟧']],
    ['#1042/https://x.example', ['#1042/', 'https://x.example']],
    ['5 days, 3 pairs and/or 2 boxes', []],
    ['{{ never closed', []],
    ['@ # @@ ## :// nothing', []],
  ])('%s', (text, expected) => expect(kept(text)).toEqual(expected))

  test('is found in one way through the text, whatever it is made of', () => {
    const pieces = [
      '@',
      '#',
      '1 ',
      '1,',
      '1 111 ',
      'a.',
      'a@',
      '{{',
      '•',
      "1'",
      '://',
      'a://',
      '$',
      '1.',
      '⟦',
      'HK',
      'w',
      '+1',
      '👍',
      '- ',
    ]
    for (const piece of pieces) {
      const text = piece.repeat(50_000 / piece.length)
      expect(
        cpuTime(() => findSpans(text), { times: 2 }),
        piece,
      ).toBeLessThan(1_500)
    }
  })
})
