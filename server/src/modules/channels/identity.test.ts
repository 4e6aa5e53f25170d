import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readIdentity, type SignedIdentity } from './identity.ts'

const now = new Date('2026-01-05T09:00:00Z')
const second = now.getTime() / 1_000
const hour = 3_600
const storeKey = 'shop-1'
const secret = 'the secret of the shop'

type Signed = Extract<SignedIdentity, { signature: string }>

function signed(userId = 'u-1', expiresAt = second + hour, { key = secret, store = storeKey } = {}): Signed {
  const signature = createHmac('sha256', key).update(`${userId}.${store}.${expiresAt}`).digest('hex')
  return { userId, expiresAt, signature }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

function jwt(
  claims: object = {},
  { header = { alg: 'HS256', typ: 'JWT' } as object, key = secret, hash = 'sha256' } = {},
) {
  const body = `${encode(header)}.${encode({ sub: 'u-1', exp: second + hour, aud: storeKey, ...claims })}`
  return { jwt: `${body}.${createHmac(hash, key).update(body).digest('base64url')}` }
}

const read = (identity: SignedIdentity, secrets = [secret]) => readIdentity(identity, storeKey, secrets, now)

describe('an identity signed with HMAC', () => {
  test('is believed, under either of two secrets', () => {
    expect(read(signed())).toBe('u-1')
    expect(read(signed(), ['newer', secret])).toBe('u-1')
    expect(read(signed('用户.with.dots'))).toBe('用户.with.dots')
  })

  test.each<[string, Signed]>([
    ['of another user', { ...signed(), userId: 'u-2' }],
    ['of another store', signed('u-1', second + hour, { store: 'shop-2' })],
    ['under another secret', signed('u-1', second + hour, { key: 'guess' })],
    ['under an empty secret', signed('u-1', second + hour, { key: '' })],
    ['with another expiry', { ...signed(), expiresAt: second + 2 * hour }],
    ['that has just expired', signed('u-1', second)],
    ['for more than a day', signed('u-1', second + 24 * hour + 61)],
    ['without a user', signed('')],
    ['with a user that is no plain text', signed('u\u0000')],
    ['with an empty signature', { ...signed(), signature: '' }],
    ['with a short one', { ...signed(), signature: signed().signature.slice(0, -1) }],
    ['with a long one', { ...signed(), signature: `${signed().signature}0` }],
    ['in upper case', { ...signed(), signature: signed().signature.toUpperCase() }],
  ])('%s is not', (_what, identity) => {
    expect(read(identity)).toBeNull()
  })

  test('is not where the shop has no secret, or an empty one', () => {
    expect(read(signed(), [])).toBeNull()
    expect(read(signed('u-1', second + hour, { key: '' }), [''])).toBeNull()
  })

  test('never stands for another user and store together', () => {
    const part = fc.string({ minLength: 1, maxLength: 6, unit: fc.constantFrom('a', 'b', '.', '1') })
    fc.assert(
      fc.property(part, part, part, part, (user, store, otherUser, otherStore) => {
        fc.pre(user !== otherUser || store !== otherStore)
        const identity = signed(user, second + hour, { store })
        // One shop has one secret; only its own key is ever asked for with it.
        if (store === otherStore)
          expect(readIdentity({ ...identity, userId: otherUser }, store, [secret], now)).toBeNull()
      }),
    )
  })
})

describe('an identity in a JWT', () => {
  test('is believed, for one audience or several', () => {
    expect(read(jwt())).toBe('u-1')
    expect(read(jwt({ aud: ['other', storeKey] }))).toBe('u-1')
    expect(read(jwt({}, { header: { alg: 'HS256' } }))).toBe('u-1')
  })

  test.each<[string, SignedIdentity]>([
    [
      'with alg none',
      {
        jwt: `${jwt({}, { header: { alg: 'none' } })
          .jwt.split('.')
          .slice(0, 2)
          .join('.')}.`,
      },
    ],
    ['that says none and is signed', jwt({}, { header: { alg: 'none' } })],
    ['in another algorithm', jwt({}, { header: { alg: 'HS512' }, hash: 'sha512' })],
    ['that says another algorithm', jwt({}, { header: { alg: 'RS256' } })],
    ['with critical extensions', jwt({}, { header: { alg: 'HS256', crit: ['b64'], b64: false } })],
    ['under another secret', jwt({}, { key: 'guess' })],
    ['under an empty secret', jwt({}, { key: '' })],
    ['for another audience', jwt({ aud: 'shop-2' })],
    ['for no audience', jwt({ aud: undefined })],
    ['that has expired', jwt({ exp: second })],
    ['for more than a day', jwt({ exp: second + 24 * hour + 61 })],
    ['that never expires', jwt({ exp: undefined })],
    ['with an expiry in words', jwt({ exp: String(second + hour) })],
    ['that is not yet good', jwt({ nbf: second + 61 })],
    ['of nobody', jwt({ sub: '' })],
    ['of a number', jwt({ sub: 7 })],
    ['in two parts', { jwt: jwt().jwt.split('.').slice(0, 2).join('.') }],
    ['in four parts', { jwt: `${jwt().jwt}.x` }],
    ['with padding', { jwt: `${jwt().jwt}=` }],
    ['of nothing', { jwt: '' }],
    ['of dots', { jwt: '..' }],
  ])('%s is not', (_what, identity) => {
    expect(read(identity)).toBeNull()
  })

  test('with any one character changed is not', () => {
    const whole = jwt().jwt
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.']
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.constantFrom(...alphabet), (at, character) => {
        fc.pre(whole[at] !== character)
        expect(read({ jwt: whole.slice(0, at) + character + whole.slice(at + 1) })).toBeNull()
      }),
      { numRuns: 500 },
    )
  })
})
