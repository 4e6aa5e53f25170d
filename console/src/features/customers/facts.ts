import { useTranslation } from 'react-i18next'
import { spellCountry, spellLanguage } from '../../ui/spell.ts'
import type { Fact } from './api.ts'

/** Already told at the head of the page. */
export const isOfProfile = (field: string) => ['name', 'language', 'zone', 'country'].includes(field)

/** What a fact is called and what it says: programs write `last_order`, people read “Last order”. */
export function useSpellFact() {
  const { t, i18n } = useTranslation()
  return ({ field, value }: Pick<Fact, 'field' | 'value'>) => ({
    label: t(`fact.${inCamels(field) as 'orders'}`, { defaultValue: inWords(field) }),
    text: spellValue(field, value, i18n.language),
  })
}

function spellValue(field: string, value: unknown, locale: string) {
  if (value === null || typeof value === 'object') return JSON.stringify(value)
  if (field === 'country') return spellCountry(String(value), locale)
  if (field === 'language') return spellLanguage(String(value), locale)
  if (field === 'zone') return String(value).replaceAll('_', ' ')
  return String(value)
}

const inCamels = (field: string) => field.replace(/[_.-]+(\w)/g, (_, letter: string) => letter.toUpperCase())

export function inWords(field: string) {
  const words = field
    .replace(/[_.-]+/g, ' ')
    .replace(/([a-z\d])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`)
  return words.charAt(0).toUpperCase() + words.slice(1)
}
