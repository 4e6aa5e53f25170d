import { describe, expect, test } from 'vitest'
import { cpuTime } from '../../../../test/cpu-time.ts'
import { type Draft, detect } from './detecting.ts'
import seeded from './seeded.json' with { type: 'json' }
import type { Detector, RuleWords } from './tables.ts'

const find = async (code: string, text: string, more: Partial<Draft> = {}) => {
  const rule = seeded.rules.find(rule => rule.code === code)!
  const draft: Draft = { text, attachmentTypes: [], customerLanguage: 'en', hasPromise: false, ...more }
  return await detect[rule.detector as Detector](draft, rule.words as RuleWords)
}

describe('a rule finds', () => {
  test.each([
    ['no_ext_link', 'See https://my-shop.example/deal?x=1 now', ['https://my-shop.example/deal?x=1']],
    ['no_ext_link', 'Visit www.shop.example.', ['www.shop.example.']],
    ['no_ext_link', 'find us at my-shop.com today', ['my-shop.com']],
    ['no_contact', 'Write to help@my-shop.com', ['help@my-shop.com']],
    ['no_contact', 'Write to help at gmail dot com', ['help at gmail dot com']],
    ['no_contact', 'Call +49 30 901820 today', ['+49 30 901820']],
    [
      'no_contact',
      'Add me on WhatsApp: +4915112345678',
      expect.arrayContaining(['WhatsApp: +4915112345678']),
    ],
    ['no_contact', '加我微信 afar2026', ['微信 afar2026']],
    ['no_marketing', 'Use our Promo  Code next time', ['promo code']],
    ['no_marketing', '下次购买可以使用优惠券', ['优惠券', '下次购买']],
    [
      'no_review_gating',
      'Leave five stars and get a gift card',
      expect.arrayContaining(['gift card', 'five stars']),
    ],
    ['no_review_gating', '好评返现十元', expect.arrayContaining(['返现', '好评'])],
    ['no_review_gating', 'Für eine Bewertung gibt es einen Gutschein', ['gutschein', 'bewertung']],
    ['no_ask_cancel', 'Could you cancel the order, please?', ['could you cancel the order']],
    ['no_pure_thanks', 'Thank you for your order! Best regards', ['Thank you for your order! Best regards']],
    ['no_pure_thanks', '感谢您的订单,祝您生活愉快!', ['感谢您的订单,祝您生活愉快!']],
    ['no_emoji_gif_style', 'Great 😀', ['😀']],
    ['no_pan', 'It was 4111 1111 1111 1111', ['•••• •••• •••• 1111']],
    ['promise_check', 'We will call you on Friday', ['we will call you']],
  ])('%s in “%s”', async (code, text, pieces) => {
    expect(await find(code, text)).toEqual(pieces)
  })

  test.each([
    ['no_ext_link', 'Order 3.5 kg, v1.2.com-plete, see your Amazon.com orders page'],
    ['no_ext_link', 'It ships on 2026.01.05. Please wait'],
    ['no_contact', 'Your order 113-1111111-1111111 arrives at 12.30'],
    ['no_marketing', 'Your refund of 12 EUR was issued'],
    ['no_review_gating', 'We issued your refund today'],
    ['no_review_gating', 'Our team will review your refund request'],
    ['no_review_gating', 'Feel free to give us feedback'],
    ['no_review_gating', '退款申请正在审核,感谢您的评价'],
    ['no_review_gating', 'Would you leave a review of the product?'],
    ['no_pure_thanks', 'Thank you. Your parcel left our warehouse today.'],
    ['no_emoji_gif_style', 'Size #5 © 2026, 10 * 2 ™'],
    ['no_ask_cancel', 'We cancelled the order and refunded you'],
    ['promise_check', 'Your parcel arrives on Friday'],
  ])('nothing of %s in “%s”', async (code, text) => {
    expect(await find(code, text)).toEqual([])
  })

  test('a picture that moves', async () => {
    expect(await find('no_emoji_gif_style', 'See', { attachmentTypes: ['image/gif'] })).toEqual(['image/gif'])
  })

  test('no broken promise where a clock runs for it', async () => {
    expect(await find('promise_check', 'We will call you', { hasPromise: true })).toEqual([])
  })

  test('another language than the customer’s, where both are known', async () => {
    const german = 'Ihre Bestellung ist heute bei uns eingegangen und wird bald verschickt.'
    expect(await find('lang_check', german, { customerLanguage: 'en' })).toEqual(['de'])
    expect(await find('lang_check', german, { customerLanguage: 'de-AT' })).toEqual([])
    expect(await find('lang_check', german, { customerLanguage: null })).toEqual([])
    expect(await find('lang_check', 'ok', { customerLanguage: 'ja' })).toEqual([])
  })
})

test('no text makes a rule think long', async () => {
  const hostile = [
    'a.'.repeat(10_000),
    'a@'.repeat(10_000),
    'at dot '.repeat(3_000),
    'wechat'.repeat(3_000),
    '1 '.repeat(10_000),
  ]
  for (const { code, detector, words } of seeded.rules)
    for (const text of hostile) {
      const draft: Draft = { text, attachmentTypes: [], customerLanguage: null, hasPromise: false }
      const ms = cpuTime(() => detect[detector as Detector](draft, words as RuleWords), { times: 2 })
      expect(ms, `${code} on ${text.slice(0, 12)}`).toBeLessThan(400)
    }
})
