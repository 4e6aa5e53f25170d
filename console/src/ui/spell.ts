import { spelling } from '../i18n/index.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const formats = new Map<string, Intl.DateTimeFormat>()

const format = (locale: string, options: Intl.DateTimeFormatOptions) =>
  formatOf(spelling(locale), { hourCycle: 'h23', ...options })

function formatOf(tag: string, options: Intl.DateTimeFormatOptions) {
  const key = tag + JSON.stringify(options)
  let known = formats.get(key)
  if (!known) {
    known = new Intl.DateTimeFormat(tag, options)
    formats.set(key, known)
  }
  return known
}

export const spellTime = (at: Date, locale: string, timeZone?: string) =>
  format(locale, { hour: '2-digit', minute: '2-digit', timeZone }).format(at)

export const spellMoment = (at: Date, locale: string, timeZone?: string) =>
  format(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
  }).format(at)

export const spellDay = (at: Date, locale: string, timeZone?: string) =>
  format(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'long',
    year: yearIfOther(at, new Date(), timeZone),
    timeZone,
  }).format(at)

export const spellDate = (at: Date, locale: string, timeZone?: string) =>
  format(locale, { day: 'numeric', month: 'short', year: 'numeric', timeZone }).format(at)

/** As short as a list allows: the time today, the weekday this week, else the day. */
export function spellShort(at: Date, locale: string, timeZone?: string, now = new Date()) {
  const days = daysBetween(at, now, timeZone)
  if (days <= 0) return spellTime(at, locale, timeZone)
  if (days <= 6) return format(locale, { weekday: 'short', timeZone }).format(at)
  return spellDayShort(at, locale, timeZone, now)
}

/** A moment to come as short as a list allows: the time today, with the weekday this week, else the day. */
export function spellSoon(at: Date, locale: string, timeZone?: string, now = new Date()) {
  const days = daysBetween(now, at, timeZone)
  if (days === 0) return spellTime(at, locale, timeZone)
  if (days > 0 && days < 6)
    return format(locale, { weekday: 'short', hour: '2-digit', minute: '2-digit', timeZone }).format(at)
  return spellDayShort(at, locale, timeZone, now)
}

const spellDayShort = (at: Date, locale: string, timeZone: string | undefined, now: Date) =>
  format(locale, { day: 'numeric', month: 'short', year: yearIfOther(at, now, timeZone), timeZone }).format(
    at,
  )

/** The date on the clocks of a zone, as `2026-11-23`. */
export const dateIn = (at: Date, timeZone?: string) => formatOf('en-CA', { timeZone }).format(at)

const daysBetween = (from: Date, to: Date, timeZone?: string) =>
  (Date.parse(dateIn(to, timeZone)) - Date.parse(dateIn(from, timeZone))) / day

const yearIfOther = (at: Date, now: Date, timeZone?: string) =>
  dateIn(at, timeZone).slice(0, 4) === dateIn(now, timeZone).slice(0, 4) ? undefined : ('numeric' as const)

export const spellZone = (zone: string, at: Date, locale: string) =>
  format(locale, { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(at)
    .find(part => part.type === 'timeZoneName')?.value ?? zone

/** Country and language names in the reader's language, or the bare code where it is not a known one. */
export const spellCountry = (code: string, locale: string) => name('region', code, locale)
export const spellLanguage = (code: string, locale: string) => name('language', code, locale)

function name(type: 'region' | 'language', code: string, locale: string) {
  try {
    return new Intl.DisplayNames(spelling(locale), { type }).of(code) ?? code
  } catch {
    return code
  }
}

export const isZone = (zone: string) => {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: zone }))
  } catch {
    return false
  }
}

export const spellNumber = (value: number, locale: string) =>
  new Intl.NumberFormat(spelling(locale)).format(value)

export function spellSize(bytes: number, locale: string) {
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, 'kilobyte'] : [bytes / 1_000_000, 'megabyte']
  return new Intl.NumberFormat(spelling(locale), {
    style: 'unit',
    unit,
    maximumFractionDigits: value < 10 ? 1 : 0,
  }).format(value)
}

/**
 * A stretch of time cut to the two largest units that matter at a desk: `24`, `4:05`, `3:12` with the
 * unit it is to be read in.
 */
export function cutDuration(ms: number): {
  unit: 'seconds' | 'minutes' | 'hours' | 'days'
  major: number
  minor: number
} {
  const total = Math.max(0, Math.floor(ms / 1000))
  if (total < 60) return { unit: 'seconds', major: total, minor: 0 }
  if (total < 3600) return { unit: 'minutes', major: Math.floor(total / 60), minor: total % 60 }
  if (total < 86_400)
    return { unit: 'hours', major: Math.floor(total / 3600), minor: Math.floor((total % 3600) / 60) }
  return { unit: 'days', major: Math.floor(total / 86_400), minor: Math.floor((total % 86_400) / 3600) }
}
