import type { Direction } from '../api/shapes.ts'
import type { Texts } from './en.ts'

export const languages = {
  zh: '中文',
  en: 'English',
  ja: '日本語',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  pt: 'Português',
  ar: 'العربية',
} as const

export type Language = keyof typeof languages

const files: Record<Language, () => Promise<Texts>> = {
  zh: () => import('./zh.ts').then(file => file.zh),
  en: () => import('./en.ts').then(file => file.en as Texts),
  ja: () => import('./ja.ts').then(file => file.ja),
  de: () => import('./de.ts').then(file => file.de),
  fr: () => import('./fr.ts').then(file => file.fr),
  es: () => import('./es.ts').then(file => file.es),
  pt: () => import('./pt.ts').then(file => file.pt),
  ar: () => import('./ar.ts').then(file => file.ar),
}

/**
 * The first wish that is spoken here. A page's plain `en` takes the region of the visitor's own `en-GB`, so that
 * dates and hours look as he is used to.
 */
export function chooseLocale(wishes: readonly (string | null | undefined)[]): string | null {
  const tags = wishes.flatMap(wish => plainTag(wish) ?? []).filter(languageOf)
  const first = tags[0]
  return tags.find(tag => first?.length === 2 && tag.startsWith(`${first}-`)) ?? first ?? null
}

/** Without the extensions a browser may add; they say nothing about the language. */
function plainTag(wish: string | null | undefined): string | null {
  try {
    return wish ? new Intl.Locale(wish.trim().replaceAll('_', '-')).baseName : null
  } catch {
    return null
  }
}

export function languageOf(locale: string): Language | null {
  try {
    const { language } = new Intl.Locale(locale)
    return Object.hasOwn(languages, language) ? (language as Language) : null
  } catch {
    return null
  }
}

export const directionOf = (locale: string): Direction => (languageOf(locale) === 'ar' ? 'rtl' : 'ltr')

export const loadTexts = (locale: string) => files[languageOf(locale) ?? 'en']()

type Values = Record<string, string | number>
type Plain = { [Key in keyof Texts]: Texts[Key] extends string ? Key : never }[keyof Texts]
type Counted = Exclude<keyof Texts, Plain>

export type Speech = ReturnType<typeof speak>

/** What a shop may word itself, by the server's names of it. */
const worded: Partial<Record<Plain, string>> = {
  greeting: 'chat.greeting',
  leaveText: 'chat.closed',
  waiting: 'chat.waiting',
  ended: 'chat.resolved',
}

export function speak(locale: string, texts: Texts, company: Record<string, string> = {}) {
  const plural = new Intl.PluralRules(locale)
  const number = new Intl.NumberFormat(locale)
  const fill = (text: string, values: Values) =>
    text.replace(/\{(\w+)\}/g, (slot, name: string) => {
      const value = values[name]
      return value === undefined ? slot : typeof value === 'number' ? number.format(value) : value
    })
  const date = (options: Intl.DateTimeFormatOptions) => {
    const format = new Intl.DateTimeFormat(locale, options)
    return (at: Date | string) => format.format(typeof at === 'string' ? new Date(at) : at)
  }
  const percent = new Intl.NumberFormat(locale, { style: 'percent' })
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  // Twelve-hour clocks say 9:00 AM, the others 09:00.
  const { hour12 } = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions()
  const clock = { hour: hour12 ? 'numeric' : '2-digit', minute: '2-digit' } as const
  const longDay = date({ weekday: 'long', day: 'numeric', month: 'long' })
  const time = date(clock)

  const own = (key: Plain) => company[worded[key] ?? ''] || null

  return {
    locale,
    dir: directionOf(locale),
    say: (key: Plain, values: Values = {}) => fill(own(key) || texts[key], values),
    /** The shop's wording, where it has one. */
    own,
    count: (key: Counted, n: number) => fill(texts[key][plural.select(n)] ?? texts[key].other, { n }),
    time,
    moment: date({ dateStyle: 'full', timeStyle: 'short' }),
    opening: date({ weekday: 'long', day: 'numeric', month: 'long', ...clock }),
    percent: (part: number) => percent.format(part),
    bytes: (size: number) => bytes(locale, size),
    day(at: string, now = new Date()) {
      const days = daysBetween(new Date(at), now)
      return days < 2 && days >= 0 ? relative.format(-days, 'day') : longDay(at)
    },
  }
}

/** Whole days of the visitor's own calendar from one moment to the other. */
export function daysBetween(from: Date, to: Date): number {
  const midnight = (at: Date) => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate())
  return Math.round((midnight(to) - midnight(from)) / 86_400_000)
}

function bytes(locale: string, size: number) {
  const [unit, value] =
    size < 1e3 ? ['byte', size] : size < 1e6 ? ['kilobyte', size / 1e3] : ['megabyte', size / 1e6]
  const maximumFractionDigits = value < 10 ? 1 : 0
  return new Intl.NumberFormat(locale, { style: 'unit', unit: String(unit), maximumFractionDigits }).format(
    Number(value),
  )
}
