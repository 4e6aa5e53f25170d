import { describe, expect, test } from 'vitest'
import { contrast, markOnGround, palettes, textOnGround } from './tokens.ts'

describe.each(['light', 'dark'] as const)('in the %s palette', mode => {
  const colours = palettes[mode]
  const texts = textOnGround.flatMap(([text, grounds]) => grounds.map(ground => [text, ground] as const))
  const marks = markOnGround.flatMap(([mark, grounds]) => grounds.map(ground => [mark, ground] as const))

  test.each(texts)('%s can be read on %s (AA, 4.5 : 1)', (text, ground) => {
    expect(contrast(colours[text], colours[ground])).toBeGreaterThanOrEqual(4.5)
  })

  test.each(marks)('%s can be seen on %s (3 : 1)', (mark, ground) => {
    expect(contrast(colours[mark], colours[ground])).toBeGreaterThanOrEqual(3)
  })
})

test('contrast is that of WCAG', () => {
  expect(contrast('#000000', '#FFFFFF')).toBeCloseTo(21)
  expect(contrast('#777777', '#FFFFFF')).toBeCloseTo(4.48, 2)
})
