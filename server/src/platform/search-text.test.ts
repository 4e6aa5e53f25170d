import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { foldText, searchQuery, searchWords, toVector } from './search-text.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom(...'王小明退货ガｶﾞん반시ปศเaÉßłIİ0９ -_.@’\u0301\u3099'.split('')) }),
)

describe('the words of a text', () => {
  test('are whole words where words have spaces between', () => {
    expect(searchWords('Where is my parcel? DE-2231/b')).toEqual([
      'where',
      'is',
      'my',
      'parcel',
      'de',
      '2231',
      'b',
    ])
  })

  test('are characters and bigrams where they have none', () => {
    expect(searchWords('我要退货')).toEqual(['我', '要', '退', '货', '我要', '要退', '退货'])
    expect(searchWords('返品したい')).toContain('返品')
    expect(searchWords('คืนเงิน')).toContain('คื')
  })

  test('part where one script meets another', () => {
    expect(searchWords('iPhone15手机壳')).toEqual(['iphone15', '手', '机', '壳', '手机', '机壳'])
  })

  test('count a character outside the basic plane as one', () => {
    expect(searchWords('𠮷野家')).toEqual(['𠮷', '野', '家', '𠮷野', '野家'])
  })

  test.each([
    ['ZÜRICH', 'zurich'],
    ['Łukasz', 'lukasz'],
    ['İstanbul', 'istanbul'],
    ['Straße', 'strasse'],
    ['Σίσυφος', 'σισυφοσ'],
    ['Ｓｈｏｐ', 'shop'],
    ['أَحْمَد', 'احمد'],
    ['Nguyễn', 'nguyen'],
  ])('are spelled alike however %s is typed', (typed, word) => {
    expect(searchWords(typed)).toEqual([word])
  })

  test('keep the marks that change a kana', () => {
    expect(searchWords('ｶﾞ')).toEqual(['ガ'])
    expect(searchWords('ガ')).not.toEqual(searchWords('カ'))
  })

  test('are the same when taken from the folded text', () => {
    fc.assert(
      fc.property(text, raw => {
        expect(foldText(foldText(raw))).toBe(foldText(raw))
        expect(searchWords(foldText(raw))).toEqual(searchWords(raw))
      }),
    )
  })

  test('hold nothing but letters, marks and digits, and none twice', () => {
    fc.assert(
      fc.property(text, raw => {
        const words = searchWords(raw)
        expect(words.filter(word => !/^[\p{L}\p{M}\p{N}]+$/u.test(word))).toEqual([])
        expect(new Set(words).size).toBe(words.length)
      }),
    )
  })
})

describe('what a search asks for', () => {
  test.each([
    ['退货', "'退货'"],
    ['退', "'退'"],
    ['退货单', "'退货' & '货单'"],
    ['where par', "'where' & 'par':*"],
    ['par 退货', "'par' & '退货'"],
    ["'; drop table--", "'drop' & 'table':*"],
  ])('%s → %s', (input, query) => {
    expect(searchQuery(input)).toBe(query)
  })

  test('is nothing where there is no letter or digit', () => {
    expect(searchQuery(' …!?😀')).toBeNull()
    expect(searchQuery('')).toBeNull()
  })

  test('is found in every text that holds it', () => {
    fc.assert(
      fc.property(text, text, text, (before, sought, after) => {
        const query = searchQuery(sought)
        const words = searchWords(`${before} ${sought} ${after}`)
        const isFound = (term: string) => {
          const [, word = '', isBeginning] = /^'(.*)'(:\*)?$/su.exec(term) ?? []
          return words.some(one => (isBeginning ? one.startsWith(word) : one === word))
        }
        expect(query === null || query.split(' & ').every(isFound)).toBe(true)
      }),
    )
  })
})

describe('the vector', () => {
  test('quotes what PostgreSQL would take for its own', () => {
    expect(toVector(["o'b", 'a\\b'])).toBe("'o''b' 'a\\\\b'")
  })

  test('of a long text stays below what PostgreSQL takes', () => {
    const words = Array.from({ length: 60_000 }, (_, n) => `word-${n}-of-a-long-text`)
    expect(Buffer.byteLength(toVector(words))).toBeLessThan(1_000_000)
    expect(searchWords('x'.repeat(5_000))[0]!.length).toBeLessThan(100)
  })
})
