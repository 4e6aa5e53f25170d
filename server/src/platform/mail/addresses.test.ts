import { describe, expect, test } from 'vitest'
import { readAddress, readAddresses } from './addresses.ts'

const read = (raw: string) =>
  readAddresses(raw).map(({ name, address }) => (name ? `${name} | ${address}` : address))

describe('the addresses of a header', () => {
  test.each([
    ['a@test.example', ['a@test.example']],
    ['<a@test.example>', ['a@test.example']],
    ['Ada <A@Test.Example>', ['Ada | a@test.example']],
    ['"Lovelace, Ada" <a@test.example>', ['Lovelace, Ada | a@test.example']],
    ['a@test.example (Ada)', ['Ada | a@test.example']],
    ['a@test.example (Ada (Lovelace))', ['Ada (Lovelace) | a@test.example']],
    ['a@test.example, b@test.example', ['a@test.example', 'b@test.example']],
    ['a@test.example; b@test.example', ['a@test.example', 'b@test.example']],
    ['Team: a@test.example, B <b@test.example>;', ['a@test.example', 'B | b@test.example']],
    ['undisclosed-recipients:;', []],
    ['=?utf-8?B?546L?= <w@test.example>', ['王 | w@test.example']],
    ['"=?utf-8?B?546L?=" <w@test.example>', ['王 | w@test.example']],
    ['王 <w@test.example>', ['王 | w@test.example']],
    ["'Ada' <a@test.example>", ['Ada | a@test.example']],
    ['Ada a@test.example', ['Ada | a@test.example']],
    ['a@test.example <a@test.example>', ['a@test.example | a@test.example']],
    ['"a@bank.example" <x@evil.example>', ['a@bank.example | x@evil.example']],
    ['"a\\"b" <a@test.example>', ['a"b | a@test.example']],
    ['"john doe"@test.example', ['"john doe"@test.example']],
    ['"x@bank.example y"@test.example', ['"x@bank.example y"@test.example']],
    ['"john"@test.example', ['john@test.example']],
    ['<@relay.example,@other.example:a@test.example>', ['a@test.example']],
    ['a@[192.0.2.1]', ['a@[192.0.2.1]']],
    ['<a @ test.example>', ['a@test.example']],
    ['Ada\r\n <a@test.example>', ['Ada | a@test.example']],
    ['用户@例子.测试', ['用户@xn--fsqu00a.xn--0zwm56d']],
    ['a@bücher.example', ['a@xn--bcher-kva.example']],
    ['a@test.example.', ['a@test.example']],
    ['mailto:a@test.example', ['a@test.example']],
    ['Ada <a@test.example', ['Ada | a@test.example']],
    ['Ada <a@test.example, Bob <b@test.example>', ['Ada | a@test.example', 'Bob | b@test.example']],
    ['"Ada <a@test.example>', ['Ada | a@test.example']],
    ['Ada', []],
    ['', []],
    ['@', []],
    ['a@', []],
    ['<>', []],
    [',,;;', []],
    ['a@b@c.example', []],
  ])('%j', (raw, found) => {
    expect(read(raw)).toEqual(found)
  })

  test('a name cannot smuggle in an address, decoded or not', () => {
    const hidden = Buffer.from('x <ceo@bank.example>, y').toString('base64')
    expect(read(`=?utf-8?B?${hidden}?= <a@evil.example>`)).toEqual([
      'x <ceo@bank.example>, y | a@evil.example',
    ])
    expect(readAddresses('=?utf-8?Q?a=0D=0ABcc:_b?= <a@test.example>')[0]!.name).toBe('a Bcc: b')
    expect(readAddresses('\u202egro.knab\u202c <a@test.example>')[0]!.name).toBe('gro.knab')
  })

  test('nests and crowds of any size are read in time, and up to a thousand', () => {
    const hostile = [
      'a:'.repeat(100_000),
      '('.repeat(100_000),
      '(()'.repeat(30_000),
      '"'.repeat(100_001),
      `"${'\\"'.repeat(100_000)}`,
      '<'.repeat(30_000),
      `${'g:'.repeat(50_000)}a@test.example${';'.repeat(50_000)}`,
    ]
    const start = performance.now()
    for (const raw of hostile) readAddresses(raw)
    expect(performance.now() - start).toBeLessThan(2_000)
    expect(readAddresses('a@test.example,'.repeat(5_000))).toHaveLength(1_000)
  })

  test('an address is one of the kind mail can go to', () => {
    for (const none of [
      'a',
      '@b',
      'a@b c@d',
      'a\u0000@test.example',
      'a@te_st..example',
      `${'a'.repeat(330)}@test.example`,
      'a@<x>',
    ])
      expect(readAddress(none)).toBeNull()
  })
})
