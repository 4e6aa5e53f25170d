export type Mode = 'light' | 'dark'

/** The whole palette. A hue tells time or meaning; its `…Ink` is the same hue where it carries text. */
export const palettes = {
  light: {
    paper: '#F7F7F4',
    surface: '#FFFFFF',
    raised: '#FFFFFF',
    line: '#E4E3DC',
    control: '#C9CAC3',
    ink: '#1E2329',
    quiet: '#636C75',
    harbour: '#0E6E6E',
    harbourInk: '#0B6262',
    onHarbour: '#FFFFFF',
    tint: '#ECF4F3',
    own: '#E3EFEE',
    hover: '#F1F1EC',
    waiting: '#8A949D',
    warning: '#C98A0A',
    late: '#C43B2E',
    waitingInk: '#5D666F',
    warningInk: '#805300',
    lateInk: '#AE2F23',
    waitingTint: '#EEF0F1',
    warningTint: '#FBF1DA',
    lateTint: '#FBE9E6',
    onLate: '#FFFFFF',
    done: '#2F7D4F',
    doneInk: '#26693F',
    doneTint: '#E6F2EA',
    note: '#FFF4CC',
    noteLine: '#EBD993',
    noteInk: '#6A5200',
  },
  dark: {
    paper: '#14171A',
    surface: '#1C2024',
    raised: '#23282D',
    line: '#2E343A',
    control: '#464E56',
    ink: '#E8EAEC',
    quiet: '#97A1AA',
    harbour: '#3FB5AE',
    harbourInk: '#57C4BD',
    onHarbour: '#0C1B1B',
    tint: '#1B2C2D',
    own: '#1F3536',
    hover: '#23282D',
    waiting: '#8B959E',
    warning: '#DDA63A',
    late: '#E5675A',
    waitingInk: '#A5AEB6',
    warningInk: '#E6B455',
    lateInk: '#F28B80',
    waitingTint: '#282E33',
    warningTint: '#362D1A',
    lateTint: '#3B2321',
    onLate: '#1A0B09',
    done: '#5DBB83',
    doneInk: '#74C997',
    doneTint: '#1D3227',
    note: '#3B3520',
    noteLine: '#574D2B',
    noteInk: '#E5D390',
  },
} as const satisfies Record<Mode, Record<string, string>>

export type Palette = Record<keyof (typeof palettes)['light'], string>

/** Pairs of text and ground that occur on some screen. The test holds each at AA. */
export const textOnGround: [text: keyof Palette, grounds: (keyof Palette)[]][] = [
  [
    'ink',
    ['paper', 'surface', 'raised', 'tint', 'own', 'hover', 'note', 'warningTint', 'lateTint', 'doneTint'],
  ],
  ['quiet', ['paper', 'surface', 'raised', 'tint', 'own', 'hover']],
  ['harbourInk', ['paper', 'surface', 'raised', 'tint', 'own', 'hover']],
  ['onHarbour', ['harbour']],
  ['onLate', ['late']],
  ['waitingInk', ['surface', 'paper', 'waitingTint', 'tint']],
  ['warningInk', ['surface', 'paper', 'warningTint', 'tint']],
  ['lateInk', ['surface', 'paper', 'lateTint', 'tint']],
  ['doneInk', ['surface', 'paper', 'doneTint', 'tint']],
  ['noteInk', ['note', 'surface', 'paper']],
]

/** Hues that draw marks and edges, never text: 3 : 1 is what WCAG asks of them. */
export const markOnGround: [mark: keyof Palette, grounds: (keyof Palette)[]][] = [
  ['harbour', ['paper', 'surface']],
  ['late', ['paper', 'surface']],
  ['done', ['paper', 'surface']],
]

export const type = { tiny: 12, small: 13, body: 14, lead: 16, title: 20, display: 28 }
export const radius = { control: 6, card: 10, bubble: 14 }

export const fonts =
  '-apple-system, BlinkMacSystemFont, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans", "Noto Sans SC", "Noto Sans CJK SC", "Noto Sans JP", "Noto Sans CJK JP", "Noto Sans Arabic", sans-serif'

/** WCAG 2 contrast of two `#RRGGBB` colours, 1 to 21. */
export function contrast(one: string, other: string) {
  const [darker, lighter] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number]
  return (lighter + 0.05) / (darker + 0.05)
}

function luminance(hex: string) {
  const channels = [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
  const [red, green, blue] = channels.map(c => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)) as [
    number,
    number,
    number,
  ]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
