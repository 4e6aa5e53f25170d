import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { coloursFor, contrast, grounds, inkOn, parse, tints } from './colours.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map(n => `#${n.toString(16).padStart(6, '0')}`)
const mix = (part: number, a: string, b: string) => {
  const [over, under] = [parse(a)!, parse(b)!]
  return over.map((value, i) => value * part + under[i]! * (1 - part)) as unknown as readonly [
    number,
    number,
    number,
  ]
}

describe('the colour of a shop', () => {
  test('whatever it is, buttons stand out, their text and links can be read, in light and dark', () => {
    fc.assert(
      fc.property(colour, fc.constantFrom('light' as const, 'dark' as const), (wished, ground) => {
        const under = parse(grounds[ground])!
        const { fill, ink, text } = coloursFor(wished, ground)
        expect(contrast(parse(fill)!, under)).toBeGreaterThanOrEqual(3)
        expect(contrast(parse(fill)!, parse(ink)!)).toBeGreaterThanOrEqual(4.5)
        const ownBubble = mix(tints[ground], fill, grounds[ground])
        expect(contrast(parse(text)!, ownBubble)).toBeGreaterThanOrEqual(4.5)
        expect(contrast(parse(text)!, under)).toBeGreaterThanOrEqual(4.5)
      }),
      { numRuns: 2_000 },
    )
  })

  test('one that is fine already stays as it is', () => {
    expect(coloursFor('#0E6E6E', 'light')).toMatchObject({ fill: '#0e6e6e', ink: '#ffffff' })
    expect(inkOn(parse('#ffd400')!)).toBe('#000000')
  })

  test('three digits are a colour, nonsense is the harbour’s', () => {
    expect(parse('#0af')).toEqual([0, 170, 255])
    expect(coloursFor('red; background: url(x)', 'light').fill).toBe('#0e6e6e')
  })
})

describe('the tokens of the stylesheet', () => {
  const css = readFileSync(new URL('./style.css', import.meta.url), 'utf8')
  const [light, dark] = css.split('@media (prefers-color-scheme: dark)') as [string, string]
  const token = (part: string, name: string) => parse(new RegExp(`--${name}: (#[0-9a-f]+)`).exec(part)![1]!)!

  test('own bubbles are tinted by the part the colours are chosen for', () => {
    expect(light).toContain(`--tint: color-mix(in srgb, var(--accent) ${tints.light * 100}%`)
    expect(dark).toContain(`--tint: color-mix(in srgb, var(--accent) ${tints.dark * 100}%`)
  })

  test.each([
    ['light', light],
    ['dark', dark],
  ])('%s: every ink reads on every ground', (_, part) => {
    for (const ink of ['ink', 'quiet', 'late'])
      for (const ground of ['paper', 'surface', 'wait-tint'])
        expect(contrast(token(part, ink), token(part, ground)), `${ink} on ${ground}`).toBeGreaterThanOrEqual(
          4.5,
        )
    expect(contrast(token(part, 'done'), token(part, 'surface'))).toBeGreaterThanOrEqual(3)
  })
})
