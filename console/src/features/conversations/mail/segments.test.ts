import { describe, expect, test } from 'vitest'
import { foldSegments } from './segments.ts'

const said = (text: string) => ({ kind: 'said' as const, text })
const quote = (text: string) => ({ kind: 'quote' as const, text })
const signature = (text: string) => ({ kind: 'signature' as const, text })

describe('a mail as it is read', () => {
  test('shows what was said and folds signature and quote into one', () => {
    expect(foldSegments([said('Where is it?\n\n'), signature('-- \nAna\n'), quote('> Sent\n')], '')).toEqual([
      { kind: 'said', text: 'Where is it?' },
      { kind: 'folded', parts: [signature('-- \nAna'), quote('> Sent')] },
    ])
  })

  test('keeps answers between the lines where they stand', () => {
    const kinds = foldSegments([quote('> One?'), said('Yes.'), quote('> Two?'), said('No.')], '')
    expect(kinds.map(piece => (piece.kind === 'said' ? piece.text : '…'))).toEqual(['…', 'Yes.', '…', 'No.'])
  })

  test('joins what was said on both sides of nothing', () => {
    expect(foldSegments([said('One'), quote('\n \n'), said('Two')], '')).toEqual([said('One\n\nTwo')])
  })

  test('leaves the indent of a first line', () => {
    expect(foldSegments([said('\n   1  a\n   2  b\n')], '')).toEqual([said('   1  a\n   2  b')])
  })

  test('that was never taken apart is its text', () => {
    expect(foldSegments([], 'Hello')).toEqual([said('Hello')])
    expect(foldSegments([], ' ')).toEqual([])
  })
})
