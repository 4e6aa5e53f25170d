import type { TFunction } from 'i18next'
import { spelling } from '../../i18n/index.ts'
import { cutDuration, spellLanguage, spellNumber } from '../../ui/spell.ts'
import type { Cut, Metric } from './api.ts'

/** A value as it is read: a span, a share with one decimal, a count; a dash where nothing counts. */
export function spellValue(unit: Metric['unit'], value: number | null, t: TFunction, locale: string) {
  if (value === null) return '–'
  if (unit === 'share')
    return new Intl.NumberFormat(spelling(locale), { style: 'percent', maximumFractionDigits: 1 }).format(
      value,
    )
  return unit === 'seconds' ? spellSpan(value, t) : spellNumber(value, locale)
}

export function spellSpan(seconds: number, t: TFunction) {
  const { unit, major, minor } = cutDuration(seconds * 1_000)
  return t(`clock.${unit}`, { major, minor, padded: String(minor).padStart(2, '0') })
}

/** A sum of spans in hours, of counts as it is. */
export const spellSum = (unit: Metric['unit'], sum: number, t: TFunction, locale: string) =>
  unit === 'seconds'
    ? t('figure.hours', { n: spellNumber(Math.round(sum / 360) / 10, locale) })
    : spellNumber(Math.round(sum), locale)

type Part = { key: string | null; name: string | null }

export function spellPart(by: Cut, { key, name }: Part, t: TFunction, locale: string): string {
  if (key === null) return t('figure.none')
  if (name !== null) return name
  if (by === 'day')
    return new Intl.DateTimeFormat(spelling(locale), {
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
    }).format(new Date(key))
  if (by === 'hour') return `${key}:00`
  if (by === 'channel_kind') return t(`channel.kind.${key as 'mail'}`, { defaultValue: key })
  if (by === 'language') return spellLanguage(key, locale)
  return key.length === 36 ? t('figure.gone') : key
}

export const localDay = (at: Date) =>
  [at.getFullYear(), at.getMonth() + 1, at.getDate()].map(part => String(part).padStart(2, '0')).join('-')
