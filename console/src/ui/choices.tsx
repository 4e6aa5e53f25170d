import { Select, type SelectProps } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { spellCountry, spellLanguage, spellZone } from './spell.ts'

/** The languages the house speaks to customers, then those often written to it. */
const languages = [
  'zh',
  'en',
  'ja',
  'de',
  'fr',
  'es',
  'pt',
  'ar',
  'it',
  'nl',
  'pl',
  'ru',
  'ko',
  'th',
  'vi',
  'id',
  'ms',
  'tr',
  'sv',
  'he',
]

const countries =
  'CN HK TW JP KR SG MY TH VN ID PH IN AU NZ US CA MX BR AR CL CO PE GB IE DE AT CH FR BE NL LU ES PT IT PL CZ SK HU RO BG GR SE NO DK FI EE LV LT RU UA TR IL AE SA QA KW EG MA ZA NG KE'.split(
    ' ',
  )

type Props = Omit<SelectProps, 'options' | 'mode'> & { multiple?: boolean; among?: readonly string[] }

export function LanguageSelect({ multiple, among = languages, ...props }: Props) {
  const { i18n } = useTranslation()
  const options = among.map(value => ({ value, label: spellLanguage(value, i18n.language) }))
  return (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      mode={multiple ? 'multiple' : undefined}
      options={options}
      {...props}
    />
  )
}

export function CountrySelect({ multiple, among = countries, ...props }: Props) {
  const { i18n } = useTranslation()
  const options = useMemo(
    () =>
      among
        .map(value => ({ value, label: spellCountry(value, i18n.language) }))
        .sort((a, b) => a.label.localeCompare(b.label, i18n.language)),
    [among, i18n.language],
  )
  return (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      mode={multiple ? 'multiple' : undefined}
      options={options}
      {...props}
    />
  )
}

export function CurrencySelect(props: Omit<SelectProps, 'options'>) {
  const { i18n } = useTranslation()
  const options = useMemo(() => {
    const names = new Intl.DisplayNames(i18n.language, { type: 'currency' })
    return Intl.supportedValuesOf('currency').map(value => ({ value, label: `${value}  ${names.of(value)}` }))
  }, [i18n.language])
  return <Select showSearch={{ optionFilterProp: 'label' }} options={options} {...props} />
}

export function ZoneSelect(props: Omit<SelectProps, 'options'>) {
  const { i18n } = useTranslation()
  const options = useMemo(() => {
    const now = new Date()
    return Intl.supportedValuesOf('timeZone').map(value => {
      const offset = spellZone(value, now, i18n.language)
      return { value, label: `${value.replaceAll('_', ' ')}  ${offset}` }
    })
  }, [i18n.language])
  return <Select showSearch={{ optionFilterProp: 'label' }} options={options} {...props} />
}
