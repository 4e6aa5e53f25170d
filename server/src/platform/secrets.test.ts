import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSecrets, hashToken, hmac, isSameText, newToken } from './secrets.ts'

const oldKey = 'old-master-key-of-at-least-32-characters'
const newKey = 'new-master-key-of-at-least-32-characters'
const place = { table: 'channels', row: '018f0000-0000-7000-8000-000000000001', column: 'secret' }
const secrets = createSecrets([newKey, oldKey])

describe('a master key', () => {
  test('is required: nothing is ever kept plain because it was missing', () => {
    expect(() => createSecrets([])).toThrow(/master key/)
  })

  test('that is short is refused', () => {
    expect(() => createSecrets(['short'])).toThrow(/32 characters/)
    expect(() => createSecrets([newKey, ''])).toThrow(/32 characters/)
  })
})

describe('a sealed value', () => {
  test('opens to the same text in its own place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        expect(secrets.open(secrets.seal(text, place), place)).toBe(text)
      }),
    )
  })

  test('shows nothing of the text, and never looks the same twice', () => {
    const sealed = secrets.seal('whsec_planted', place)
    expect(sealed).not.toContain('whsec')
    expect(Buffer.from(sealed.split('.')[4]!, 'base64url').toString()).not.toContain('whsec')
    expect(secrets.seal('whsec_planted', place)).not.toBe(sealed)
  })

  test.each([
    { ...place, row: '018f0000-0000-7000-8000-000000000002' },
    { ...place, column: 'token' },
    { ...place, table: 'staff' },
    { table: 'channels","x', row: place.row, column: 'secret' },
  ])('does not open in another place %o', elsewhere => {
    const sealed = secrets.seal('whsec_planted', place)
    expect(() => secrets.open(sealed, elsewhere)).toThrow()
  })

  test('does not open when any of its characters was changed', () => {
    const sealed = secrets.seal('whsec_planted', place)
    for (let i = 0; i < sealed.length; i++) {
      const other = sealed[i] === 'A' ? 'Q' : 'A'
      const changed = `${sealed.slice(0, i)}${other}${sealed.slice(i + 1)}`
      expect(() => secrets.open(changed, place), `character ${i}`).toThrow()
    }
  })

  test.each(['', 'plain', 'v1.a.b.c', 'v2.a.b.c.d', 'v1.....'])('is not what %j is', text => {
    expect(() => secrets.open(text, place)).toThrow('not a sealed value')
  })

  test('with a shortened tag is refused', () => {
    const parts = secrets.seal('whsec_planted', place).split('.')
    parts[3] = Buffer.from(parts[3]!, 'base64url').subarray(0, 4).toString('base64url')
    expect(() => secrets.open(parts.join('.'), place)).toThrow('not a sealed value')
  })

  test('does not open with another master key', () => {
    const sealed = createSecrets([oldKey]).seal('x', place)
    expect(() => createSecrets([newKey]).open(sealed, place)).toThrow(/not among the master keys/)
  })
})

describe('rotation', () => {
  test('opens old values with the old key, and says that they need the new one', () => {
    const sealed = createSecrets([oldKey]).seal('x', place)
    expect(secrets.open(sealed, place)).toBe('x')
    expect(secrets.needsRotation(sealed)).toBe(true)
  })

  test('is over once the value is sealed again', () => {
    const again = secrets.seal(secrets.open(createSecrets([oldKey]).seal('x', place), place), place)
    expect(secrets.needsRotation(again)).toBe(false)
    expect(createSecrets([newKey]).open(again, place)).toBe('x')
  })
})

describe('a signature', () => {
  const signature = secrets.sign('invitation', 'ada')

  test('holds for its text and its purpose only', () => {
    expect(secrets.verify('invitation', 'ada', signature)).toBe(true)
    expect(secrets.verify('invitation', 'eve', signature)).toBe(false)
    expect(secrets.verify('cursor', 'ada', signature)).toBe(false)
  })

  test('that is empty, cut, lengthened, padded or not ASCII is refused without an error', () => {
    for (const wrong of ['', signature.slice(1), `${signature}A`, `${signature}=`, 'ü'.repeat(43)]) {
      expect(secrets.verify('invitation', 'ada', wrong)).toBe(false)
    }
  })

  test('written another way for the same bytes is refused, so that it can serve as a key', () => {
    const last = signature.at(-1)!
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const sameBytes = signature.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1]
    expect(Buffer.from(sameBytes, 'base64url')).toEqual(Buffer.from(signature, 'base64url'))
    expect(secrets.verify('invitation', 'ada', sameBytes)).toBe(false)
  })

  test('made with an older key still holds', () => {
    expect(secrets.verify('invitation', 'ada', createSecrets([oldKey]).sign('invitation', 'ada'))).toBe(true)
  })
})

test('texts are the same only when every character and the length agree', () => {
  expect(isSameText('abc', 'abc')).toBe(true)
  for (const other of ['', 'ab', 'abcd', 'abd', 'äbc']) expect(isSameText('abc', other)).toBe(false)
})

test('HMAC agrees with RFC 4231, case 2', () => {
  expect(hmac('Jefe', 'what do ya want for nothing?').toString('hex')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  )
})

test('a token carries 256 bits, and is kept as its SHA-256', () => {
  expect(Buffer.from(newToken(), 'base64url')).toHaveLength(32)
  expect(new Set(Array.from({ length: 100 }, newToken)).size).toBe(100)
  expect(hashToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
})
