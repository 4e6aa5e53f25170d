type Rgb = readonly [number, number, number]

export const grounds = { light: '#ffffff', dark: '#1c2024' } as const
/** How much of the shop's colour is in one's own bubbles; the stylesheet mixes them by the same part. */
export const tints = { light: 0.11, dark: 0.2 } as const
const harbour = '#0e6e6e'

/** The shop's colour as it can be used on a ground: as a fill, the text on it, and as text itself (WCAG 2.2 AA). */
export function coloursFor(colour: string, ground: keyof typeof grounds) {
  const wished = parse(colour) ?? parse(harbour)!
  const under = parse(grounds[ground])!
  const fill = standOut(wished, under, 3)
  const tint = fill.map(
    (value, i) => value * tints[ground] + under[i]! * (1 - tints[ground]),
  ) as unknown as Rgb
  return { fill: hex(fill), ink: inkOn(fill), text: hex(standOut(wished, tint, 4.6)) }
}

export function inkOn(fill: Rgb): '#000000' | '#ffffff' {
  return contrast(fill, [255, 255, 255]) >= contrast(fill, [0, 0, 0]) ? '#ffffff' : '#000000'
}

export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

export function parse(colour: string): Rgb | null {
  const short = /^#?([\da-f])([\da-f])([\da-f])$/i.exec(colour.trim())
  const long = short
    ? short.slice(1).map(digit => digit + digit)
    : /^#?([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(colour.trim())?.slice(1)
  return long ? (long.map(part => Number.parseInt(part, 16)) as unknown as Rgb) : null
}

function standOut(colour: Rgb, ground: Rgb, ratio: number): Rgb {
  const towards = luminance(ground) > 0.5 ? 0 : 255
  let best = colour
  for (let part = 0; contrast(best, ground) < ratio && part <= 1; part += 0.02)
    best = colour.map(value => Math.round(value + (towards - value) * part)) as unknown as Rgb
  return best
}

const luminance = (colour: Rgb) => {
  const [r, g, b] = colour.map(value => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

const hex = (colour: Rgb) => `#${colour.map(value => value.toString(16).padStart(2, '0')).join('')}`
