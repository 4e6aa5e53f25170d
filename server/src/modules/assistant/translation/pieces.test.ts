import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeMarkup, readMarkup } from './markup.ts'
import { isSaneLength, missingTerms, type Piece, protect, restore, type Term } from './pieces.ts'
import { decode } from './provider.ts'

const term = (fields: Partial<Term> & { term: string }): Term => ({
  translation: null,
  isCaseSensitive: false,
  isLocked: false,
  ...fields,
})

describe('what is taken out of a text', () => {
  test('is put back where its number went, whatever stands around it', () => {
    const { pieces, kept } = protect('Order #1042-88 costs $19.99, see https://x.example/a.', [])
    expect(kept).toEqual(['#1042-88', '$19.99', 'https://x.example/a'])
    expect(pieces).toEqual(['Order ', 0, ' costs ', 1, ', see ', 2, '.'])
    expect(restore([2, ' kostet ', 1, ': ', 0], kept)).toBe('https://x.example/a kostet $19.99: #1042-88')
  })

  test.each<[string, Piece[]]>([
    ['one of it is missing', ['only ', 0]],
    ['one of it is there twice', [0, 1, 0]],
    ['there is one that was not ours', [0, 1, 2]],
  ])('is refused when %s', (_, pieces) => {
    expect(restore(pieces, ['#1042-88', '$19.99'])).toBeNull()
  })

  test('has what is left as it is, and what has one translation', () => {
    const terms = [
      term({ term: 'Afar Care', isLocked: true, translation: '远客关怀' }),
      term({ term: 'Nimbus' }),
      term({ term: 'warranty', translation: 'Garantie' }),
    ]
    const { pieces, kept } = protect('WARRANTY of Nimbus by Afar Care; Nimbuses no. Warranty!', terms)
    expect(kept).toEqual(['GARANTIE', 'Nimbus', '远客关怀', 'Garantie'])
    expect(pieces).toEqual([0, ' of ', 1, ' by ', 2, '; Nimbuses no. ', 3, '!'])
  })

  test('prefers the longer term, and finds terms within scripts without spaces', () => {
    const { kept } = protect('请问无忧退货服务和无忧退吗', [
      term({ term: '无忧退', translation: 'easy return' }),
      term({ term: '无忧退货', translation: 'carefree returns' }),
    ])
    expect(kept).toEqual(['carefree returns', 'easy return'])
  })

  test('keeps the case of a term that asks for it', () => {
    expect(protect('an apple and an Apple', [term({ term: 'Apple', isCaseSensitive: true })]).kept).toEqual([
      'Apple',
    ])
  })
})

test('required words that are not there are told', () => {
  const terms = [term({ term: 'refund', translation: 'Erstattung' })]
  expect(missingTerms('your refund', 'Ihre Rückzahlung', terms)).toEqual(['Erstattung'])
  expect(missingTerms('your refund', 'Ihre ERSTATTUNG', terms)).toEqual([])
  expect(missingTerms('refundable', 'erstattbar', terms)).toEqual([])
})

test('an answer that is far too long or too short is none', () => {
  expect(isSaneLength(['订单什么时候发货？'], ['Wann wird meine Bestellung versandt?'])).toBe(true)
  expect(isSaneLength(['Hi'], ['x'.repeat(2_000)])).toBe(false)
  expect(isSaneLength(['x'.repeat(4_000)], ['OK'])).toBe(false)
})

/** Words of people, and things that must stay. */
const spans = fc.constantFrom(
  ...['#1042-88', 'LP00123456789CN', 'https://x.example/a?b=1', 'ana@mail.example', '$19.99', '5,00 €'],
  ...['AB-12-XL', '{{customer.name}}', '@anna', '👍🏽', '•••• 4242', '⟦', '⟧', 'EUR 12'],
)
const words = fc.oneof(
  fc.constantFrom(
    'where',
    'is',
    'my',
    '订单',
    '<b>',
    '&amp;',
    '</x>',
    '<x>1</x>',
    '"',
    'ñandú',
    'شكرا',
    '\n',
  ),
  fc.string({ maxLength: 12 }),
)
const texts = fc.array(fc.oneof(spans, words), { maxLength: 14 }).map(parts => parts.join(' '))

/** What services do to what they were told to leave alone. */
const misdeeds = fc.constantFrom<(pieces: Piece[]) => Piece[]>(
  pieces => pieces,
  pieces => pieces.toReversed(),
  pieces => pieces.map(piece => (typeof piece === 'string' ? piece.toUpperCase() : piece)),
  pieces => pieces.filter((piece, n) => typeof piece === 'string' || n % 3 > 0),
  pieces => pieces.flatMap((piece, n) => (n % 4 === 0 ? [piece, piece] : [piece])),
  pieces => pieces.map(piece => (typeof piece === 'number' ? piece + 1 : piece)),
  pieces => [...pieces, 0],
  pieces => pieces.map(piece => (typeof piece === 'number' ? String(piece) : piece)),
)

describe('for any text and any misdeed of a service', () => {
  const count = (text: string, part: string) => text.split(part).length - 1

  test('either everything that must stay stands whole in the translation, or it is refused', () => {
    fc.assert(
      fc.property(texts, misdeeds, (text, misdeed) => {
        const { pieces, kept } = protect(text, [])
        const translated = restore(misdeed(pieces), kept)
        if (translated === null) return
        const left = new Map(kept.map(part => [part, kept.filter(other => other === part).length]))
        for (const [part, least] of left) expect(count(translated, part)).toBeGreaterThanOrEqual(least)
      }),
      { numRuns: 3_000 },
    )
  })

  test('a service that changes nothing gives back what it was given, over each wire', () => {
    const wires = [
      (pieces: Piece[]) =>
        decode(
          encodeMarkup(pieces, n => `<x>${n}</x>`),
          '<x>',
          '</x>',
          readMarkup,
        ),
      (pieces: Piece[]) =>
        decode(pieces.map(piece => (typeof piece === 'number' ? `⟦${piece}⟧` : piece)).join(''), '⟦', '⟧'),
    ]
    const printable = texts.map(text => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, ' '))
    fc.assert(
      fc.property(printable, fc.constantFrom(...wires), (text, wire) => {
        const { pieces, kept } = protect(text, [])
        expect(restore(wire(pieces) ?? [], kept)).toBe(text)
      }),
      { numRuns: 3_000 },
    )
  })
})
