import { describe, expect, test } from 'vitest'
import { linked } from './said.tsx'

const drawn = (text: string) =>
  linked(text).map(part =>
    typeof part === 'string' ? part : `[${(part as { props: { href: string } }).props.href}]`,
  )

describe('a person’s words', () => {
  test('addresses are links, what closes the sentence is not part of them', () => {
    expect(drawn('See https://a.example/x?y=1. (http://b.example/) 见https://c.example。')).toEqual([
      'See ',
      '[https://a.example/x?y=1]',
      '. (',
      '[http://b.example/]',
      ') 见',
      '[https://c.example]',
      '。',
    ])
  })

  test.each([
    'javascript:alert(1)//http:x',
    'data:text/html,<b>',
    '<img src=x onerror=alert(1)>',
    'https://',
  ])('%s stays text', text => {
    expect(drawn(text)).toEqual([text])
  })

  test('a megabyte of punctuation is no trouble', () => {
    const text = `https://a.example/${'.'.repeat(1_000_000)}`
    const before = performance.now()
    linked(text)
    expect(performance.now() - before).toBeLessThan(200)
  })
})
