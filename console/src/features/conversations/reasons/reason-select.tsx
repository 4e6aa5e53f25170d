import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { contactReasons, useSpellReason } from './api.ts'

type Props = {
  value: string | null
  onChange: (code: string) => void
  disabled?: boolean
  loading?: boolean
  autoFocus?: boolean
  id?: string
}

/** The reasons in use, in their groups; found by name in either language, or by code. */
export function ReasonSelect({ value, onChange, ...rest }: Props) {
  const { t } = useTranslation()
  const { nameOf } = useSpellReason()
  const all = useQuery(contactReasons()).data?.items ?? []
  const groups = all.filter(({ groupCode, isActive }) => groupCode === null && isActive)
  const options = groups
    .map(group => ({
      label: nameOf(group),
      options: all
        .filter(({ groupCode, isActive, code }) => groupCode === group.code && (isActive || code === value))
        .map(reason => ({
          value: reason.code,
          label: nameOf(reason),
          found: [reason, group]
            .map(({ code, nameZh, nameEn }) => `${code} ${nameZh} ${nameEn}`)
            .join(' ')
            .toLowerCase(),
        })),
    }))
    .filter(({ options }) => options.length > 0)
  return (
    <Select
      {...rest}
      style={{ width: '100%' }}
      value={value}
      onChange={onChange}
      placeholder={t('reason.choose')}
      aria-label={t('reason.title')}
      showSearch={{
        filterOption: (typed, option) =>
          ((option as { found?: string } | undefined)?.found ?? '').includes(typed.toLowerCase()),
      }}
      options={options}
    />
  )
}
