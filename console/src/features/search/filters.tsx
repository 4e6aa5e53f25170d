import { FilterOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { dateIn } from '../../ui/spell.ts'
import { midnightIn } from '../../ui/zone-time.ts'
import { storeList } from '../settings/api.ts'
import { useStaff } from '../staff/api.ts'
import { channels, kinds, type SearchFilter } from './api.ts'
import { ConditionDrawer } from './condition-drawer.tsx'
import css from './filters.module.css'

type Props = {
  search: Partial<SearchFilter>
  onChange: (next: Partial<SearchFilter>) => void
}

/** What narrows a search, in one row; anything else is a condition as views have it. */
export function Filters({ search, onChange }: Props) {
  const { t } = useTranslation()
  const stores = useQuery(storeList()).data?.items ?? []
  const zone = useReaderZone()
  const staff = useStaff() ?? []
  const [isOpen, setOpen] = useState(false)
  const { from, authorId, channel, storeId, after, before, mine, condition } = search
  const isNarrowed = [from, authorId, channel, storeId, after, before, mine, condition].some(Boolean)

  return (
    <div className={css.filters}>
      <Select
        allowClear
        className={css.choice}
        popupMatchSelectWidth={false}
        placeholder={t('search.from')}
        aria-label={t('search.from')}
        value={from}
        options={kinds.map(value => ({ value, label: t(`condition.kind.${value}`) }))}
        onChange={value => onChange({ from: value })}
      />
      {staff.length > 0 && (
        <Select
          allowClear
          className={css.choice}
          popupMatchSelectWidth={false}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('search.author')}
          aria-label={t('search.author')}
          value={authorId}
          options={staff.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={value => onChange({ authorId: value })}
        />
      )}
      <Select
        allowClear
        className={css.choice}
        popupMatchSelectWidth={false}
        placeholder={t('search.channel')}
        aria-label={t('search.channel')}
        value={channel}
        options={channels.map(value => ({ value, label: t(`channel.kind.${value}`) }))}
        onChange={value => onChange({ channel: value })}
      />
      {stores.length > 1 && (
        <Select
          allowClear
          className={css.choice}
          popupMatchSelectWidth={false}
          placeholder={t('search.store')}
          aria-label={t('search.store')}
          value={storeId}
          options={stores.map(({ id, name }) => ({ value: id, label: name }))}
          onChange={value => onChange({ storeId: value })}
        />
      )}
      <Day
        label={t('search.after')}
        value={after && dateIn(new Date(after), zone)}
        onChange={day => onChange({ after: day && midnightIn(zone, day).toISOString() })}
      />
      <Day
        label={t('search.before')}
        value={before && dateIn(new Date(Date.parse(before) - 1), zone)}
        onChange={day => onChange({ before: day && midnightIn(zone, day, 1).toISOString() })}
      />
      <Checkbox
        checked={mine ?? false}
        onChange={({ target }) => onChange({ mine: target.checked || undefined })}
      >
        {t('search.mine')}
      </Checkbox>
      <Button
        icon={<FilterOutlined />}
        type={condition ? 'primary' : 'default'}
        ghost={Boolean(condition)}
        onClick={() => setOpen(true)}
      >
        {t(condition ? 'search.condition' : 'search.addCondition')}
      </Button>
      {isNarrowed && (
        <Button
          type="link"
          onClick={() =>
            onChange({
              ...{ from: undefined, authorId: undefined, channel: undefined, storeId: undefined },
              ...{ after: undefined, before: undefined, mine: undefined, condition: undefined },
            })
          }
        >
          {t('search.clear')}
        </Button>
      )}
      {isOpen && (
        <ConditionDrawer
          condition={condition}
          onClose={() => setOpen(false)}
          onChoose={chosen => {
            setOpen(false)
            onChange({ condition: chosen })
          }}
        />
      )}
    </div>
  )
}

type DayProps = { label: string; value: string | undefined; onChange: (day: string | undefined) => void }

const Day = ({ label, value, onChange }: DayProps) => (
  <label className={css.day}>
    <span className="quiet">{label}</span>
    <Input type="date" value={value ?? ''} onChange={({ target }) => onChange(target.value || undefined)} />
  </label>
)
