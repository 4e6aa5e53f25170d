import { expect, test } from 'vitest'
import { senderLine } from './sender-line.ts'

test.each([
  ['From: Ann <Ann@Shop.Test>\r\nTo: x@y.z\r\n\r\nhi', 'ann@shop.test'],
  ['Received: from: a@b.c\r\nFROM: ann@shop.test\r\n\r\n', 'ann@shop.test'],
  ['From: "boss@bank.test" <ann@shop.test>\n\nx', 'ann@shop.test'],
  ['From: "a \\" <b@c.d>" <ann@shop.test>\r\n\r\n', 'ann@shop.test'],
  ['From: =?utf-8?B?QQ==?=\r\n <ann@shop.test>\r\nTo: x@y.z\r\n\r\n', 'ann@shop.test'],
  ['From:\r\n\tann@shop.test (Ann)\r\n\r\n', 'ann@shop.test'],
  ['Subject: none\r\n\r\nFrom: not@header.test', ''],
  ['From: undisclosed\r\n\r\n', ''],
  ['', ''],
  ['From: <<<<<<@@@>', ''],
])('reads the sender of %j', (raw, line) => {
  expect(senderLine(Buffer.from(raw))).toBe(line)
})

test('costs no more than its length', () => {
  const started = performance.now()
  senderLine(Buffer.from(`From: ${'<@'.repeat(500_000)}`))
  senderLine(Buffer.from(`From: ${'a@'.repeat(500_000)}`))
  senderLine(Buffer.from(`From: x\r\n${' y\r\n'.repeat(500_000)}`))
  expect(performance.now() - started).toBeLessThan(200)
})
