import { useInfiniteQuery, useQueries, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { channelList } from '../../channels/api.ts'
import { customer, customerList } from '../../customers/api.ts'
import { useNameOf } from '../../customers/name.ts'
import { storeList } from '../../settings/api.ts'
import { useStaff, useTeams } from '../../staff/api.ts'
import { statusLabels } from '../api.ts'
import css from './condition-builder.module.css'

type Props = { of: string | null; value: string[] | undefined; onChange: (value: string[]) => void }
type Option = { value: string; label: string }

/** Records chosen by their names. */
export function Reference(props: Props) {
  return props.of === 'customer' ? <Customers {...props} /> : <Named {...props} />
}

function Named({ of, value, onChange }: Props) {
  const { t } = useTranslation()
  const options = useOptions(of)
  return (
    <Select
      mode="multiple"
      className={css.value}
      aria-label={t('condition.value')}
      placeholder={t('condition.choose')}
      optionFilterProp="label"
      value={value ?? []}
      // One that is gone still stands in the condition; its id alone would say nothing.
      options={withLost(options, value, t('condition.lost'))}
      onChange={onChange}
    />
  )
}

function useOptions(of: string | null): Option[] {
  const { t } = useTranslation()
  const may = useMay()
  const staff = useStaff()
  const teams = useTeams()
  const stores = useQuery(storeList()).data?.items
  const channels = useQuery({ ...channelList(), enabled: of === 'channel' && may('channels:manage') }).data
    ?.items
  const labels = useQuery({ ...statusLabels(), enabled: of === 'status_label' }).data?.items
  const known: Record<string, readonly { id: string; name: string }[] | undefined> = {
    staff: staff?.filter(({ deactivatedAt }) => !deactivatedAt),
    team: teams,
    store: stores,
    channel: channels,
    status_label: labels,
  }
  const named = (known[of ?? ''] ?? []).map(({ id, name }) => ({ value: id, label: name }))
  if (of === 'staff') return [{ value: '@me', label: t('condition.me') }, ...named]
  if (of === 'team') return [{ value: '@my_teams', label: t('condition.myTeams') }, ...named]
  return named
}

function Customers({ value = [], onChange }: Props) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const { data, isFetching } = useInfiniteQuery({ ...customerList(search), enabled: search !== '' })
  const chosen = useQueries({ queries: value.map(id => customer(id)) }).flatMap(({ data }) => data ?? [])
  const found = [...(data?.pages[0]?.items ?? []), ...chosen].map(one => ({
    value: one.id,
    label: nameOf(one),
  }))
  const options = [...new Map(found.map(option => [option.value, option])).values()]
  return (
    <Select
      mode="multiple"
      className={css.value}
      aria-label={t('condition.value')}
      placeholder={t('customer.search')}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      loading={isFetching}
      notFoundContent={search === '' ? null : t('composer.nothingFound')}
      value={value}
      options={withLost(options, value, t('condition.lost'))}
      onChange={onChange}
    />
  )
}

const withLost = (options: Option[], value: string[] | undefined, label: string): Option[] => [
  ...options,
  ...(value ?? [])
    .filter(id => !options.some(option => option.value === id))
    .map(value => ({ value, label })),
]
