import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'
import { zh } from './zh.ts'

export type Locale = 'zh' | 'en'

const kept = 'afar.locale'

export const preferredLocale = (): Locale => {
  const chosen = localStorage.getItem(kept)
  if (chosen === 'zh' || chosen === 'en') return chosen
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh' : 'en'
}

export async function startI18n(locale: Locale = preferredLocale()) {
  await i18next.use(initReactI18next).init({
    resources: { en: { translation: en }, zh: { translation: zh } },
    lng: locale,
    fallbackLng: 'en',
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  document.documentElement.lang = locale === 'zh' ? 'zh-Hans' : 'en'
}

export async function speak(locale: Locale) {
  localStorage.setItem(kept, locale)
  document.documentElement.lang = locale === 'zh' ? 'zh-Hans' : 'en'
  await i18next.changeLanguage(locale)
}

/** The BCP 47 tag that dates, numbers and names of countries are spelled in. */
export const spelling = (locale: string) => (locale.startsWith('zh') ? 'zh-CN' : 'en-GB')
