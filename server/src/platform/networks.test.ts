import { describe, expect, test } from 'vitest'
import { isNetwork, isWithin } from './networks.ts'

describe('a network', () => {
  test.each(['10.0.0.0/8', '203.0.113.7', '0.0.0.0/0', '2001:db8::/32', '::1'])('is written as %s', text =>
    expect(isNetwork(text)).toBe(true))

  test.each([
    '',
    'office',
    '10.0.0.0/33',
    '10.0.0/8',
    '2001:db8::/129',
    '10.0.0.0/8/8',
    '10.0.0.0/-1',
    'fe80::1%eth0',
  ])('is not written as %s', text => expect(isNetwork(text)).toBe(false))

  test('holds its addresses, of either family and mapped ones too, and no others', () => {
    const networks = ['10.1.0.0/16', '203.0.113.7', '2001:db8::/32']
    for (const inside of ['10.1.2.3', '203.0.113.7', '::ffff:10.1.2.3', '2001:db8::5'])
      expect(isWithin(networks, inside), inside).toBe(true)
    for (const outside of ['10.2.0.1', '203.0.113.8', '::ffff:10.2.0.1', '2001:db9::5', '', 'unknown'])
      expect(isWithin(networks, outside), outside).toBe(false)
    expect(isWithin([], '10.1.2.3')).toBe(false)
  })
})
