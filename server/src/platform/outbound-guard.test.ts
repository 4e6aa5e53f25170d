import { describe, expect, test } from 'vitest'
import { isPublic, isUsualPort, openGuard, readDestination } from './outbound-guard.ts'

describe('an address', () => {
  test.each([
    ...[
      '0.0.0.0',
      '0.1.2.3',
      '10.0.0.1',
      '10.255.255.255',
      '100.64.0.1',
      '100.100.100.200',
      '100.127.255.255',
    ],
    ...['127.0.0.1', '127.255.255.254', '168.63.129.16', '169.254.0.1', '169.254.169.254', '172.16.0.1'],
    ...['172.31.255.255', '192.0.0.192', '192.0.2.1', '192.88.99.1', '192.168.0.1', '192.168.255.255'],
    ...['198.18.0.1', '198.19.255.255', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.250'],
    ...['240.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::7f00:1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:7f00:1', '64:ff9b::7f00:1'],
    ...['64:ff9b::808:808', '64:ff9b:1::1', '100::1', '2001::1', '2001:2::1', '2001:10::1', '2001:db8::1'],
    ...['2002:7f00:1::', '2002:808:808::1', '3fff::1', '5f00::1', 'fc00::1', 'fd00:ec2::254', 'fdff::1'],
    ...['fe80::1', 'fe80::1%eth0', '2606:4700::1%eth0', 'fec0::1', 'ff02::1'],
    ...['', 'localhost', '127.1', '2130706433', '1.2.3.4.5', '8.8.8.8 '],
  ])('%j is not public', address => {
    expect(isPublic(address)).toBe(false)
  })

  test.each([
    ...[
      '1.1.1.1',
      '8.8.8.8',
      '9.255.255.255',
      '11.0.0.0',
      '100.63.255.255',
      '100.128.0.0',
      '126.255.255.255',
    ],
    ...['128.0.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '192.169.0.0', '198.17.255.255'],
    ...['198.20.0.0', '223.255.255.255', '2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450::1'],
  ])('%j is public', address => {
    expect(isPublic(address)).toBe(true)
  })
})

test('only the ports of the web, and high ones that no database or queue uses, are open', () => {
  for (const port of [80, 443, 3000, 8000, 8080, 8443, 49152]) expect(isUsualPort(port), `${port}`).toBe(true)
  for (const port of [0, 1, 21, 22, 23, 25, 53, 110, 143, 445, 465, 587, 993, 1023, 2375, 3306, 3389]) {
    expect(isUsualPort(port), `${port}`).toBe(false)
  }
  for (const port of [5432, 5672, 6379, 6443, 9200, 10250, 11211, 27017]) {
    expect(isUsualPort(port), `${port}`).toBe(false)
  }
})

describe('a destination', () => {
  test.each([
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_x',
    'ftp://shop.example/',
    'data:text/plain,x',
    'javascript:alert(1)',
    'ws://shop.example/',
    '//shop.example/',
    'shop.example',
    '',
    'http://',
    'http://user@shop.example/',
    'http://user:password@shop.example/',
    'http://:password@shop.example/',
    'http://shop.example@127.0.0.1/',
    'http://[fe80::1%25eth0]/',
    'http://[fe80::1%eth0]/',
    'http://shop.example:99999/',
    'http://shop example/',
    `http://shop.example/${'a'.repeat(8192)}`,
  ])('%s is refused', text => {
    expect(() => readDestination(text)).toThrow(
      expect.objectContaining({ outcome: 'refused', code: 'bad_address' }),
    )
  })

  test.each([
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '①②⑦.⓪.⓪.①',
    '0x7f000001',
    '127。0。0。1',
    '127.0.0.1',
  ])('written %s is what it is', host => {
    expect(readDestination(`http://${host}/`).host).toBe('127.0.0.1')
  })

  test('keeps name, port, path and query, and drops what follows #', () => {
    expect(readDestination('https://Shop.Example:8443/a%20b?c=d#@127.0.0.1/')).toEqual({
      isEncrypted: true,
      host: 'shop.example',
      port: 8443,
      path: '/a%20b?c=d',
      hostHeader: 'shop.example:8443',
    })
    expect(readDestination('http://shop.example#@127.0.0.1/').host).toBe('shop.example')
    expect(readDestination('http://shop.example\\@127.0.0.1/').host).toBe('shop.example')
    expect(readDestination('http://[2606:4700::1]/')).toMatchObject({ host: '2606:4700::1', port: 80 })
  })
})

describe('the operator may open', () => {
  const at = (address: string) => [{ address, family: 4 }]

  test('a network on one port, and nothing beside it', () => {
    const guard = openGuard([{ network: '10.0.0.0', prefix: 8, port: 443 }])
    expect(() => guard.permit(at('10.1.2.3'), 443)).not.toThrow()
    expect(() => guard.permit(at('10.1.2.3'), 80)).toThrow('not allowed')
    expect(() => guard.permit(at('11.0.0.1'), 443)).not.toThrow()
    expect(() => guard.permit(at('192.168.0.1'), 443)).toThrow('not allowed')
  })

  test('an address on every port, and an IPv6 network', () => {
    const guard = openGuard([
      { network: '127.0.0.1', prefix: 32, port: undefined },
      { network: 'fd00::', prefix: 8, port: 8443 },
    ])
    expect(() => guard.permit(at('127.0.0.1'), 6379)).not.toThrow()
    expect(() => guard.permit(at('127.0.0.2'), 80)).toThrow('not allowed')
    expect(() => guard.permit(at('fd12::1'), 8443)).not.toThrow()
    expect(() => guard.permit(at('fe80::1'), 8443)).toThrow('not allowed')
  })

  test('and is told of it once, when it is first used', () => {
    const told: unknown[] = []
    const rule = { network: '10.0.0.0', prefix: 8, port: 443 }
    const guard = openGuard([rule], each => told.push(each))
    guard.permit(at('8.8.8.8'), 443)
    expect(told).toEqual([])
    guard.permit(at('10.0.0.1'), 443)
    guard.permit(at('10.0.0.2'), 443)
    expect(told).toEqual([rule])
  })

  test('but not by a rule that makes no sense', () => {
    expect(() => openGuard([{ network: '300.0.0.0', prefix: 8, port: 443 }])).toThrow()
    expect(() => openGuard([{ network: '10.0.0.0', prefix: 33, port: 443 }])).toThrow()
  })
})
