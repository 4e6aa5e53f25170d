import { CloseOutlined, DownloadOutlined, PlusOutlined } from '@ant-design/icons'
import { App, Button, Input, Popover, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CountrySelect } from '../../ui/choices.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { type Interval, suggestHolidays } from './api.ts'
import css from './calendar.module.css'
import { DayHours } from './day-hours.tsx'

export type SpecialDay = { date: string; name: string; intervals: Interval[] }
type Props = { value?: SpecialDay[]; onChange?: (days: SpecialDay[]) => void }

/** Days that are not as their weekday: closed, or open at other hours (as on a make-up workday). */
export function Holidays({ value = [], onChange }: Props) {
  const { t } = useTranslation()
  const change = (at: number, over: Partial<SpecialDay>) =>
    onChange?.(value.map((day, index) => (index === at ? { ...day, ...over } : day)))
  const add = (days: SpecialDay[]) => {
    const known = new Set(value.map(({ date }) => date))
    onChange?.(
      [...value, ...days.filter(({ date }) => !known.has(date))].sort((a, b) => a.date.localeCompare(b.date)),
    )
  }
  return (
    <>
      <ul className={css.days}>
        {value.map((day, index) => (
          <li key={index} className={css.special}>
            <Input
              type="date"
              className={css.date}
              value={day.date}
              aria-label={t('calendar.date')}
              onChange={event => change(index, { date: event.target.value })}
            />
            <Input
              className={css.holidayName}
              value={day.name}
              maxLength={120}
              placeholder={t('calendar.holidayName')}
              aria-label={t('calendar.holidayName')}
              onChange={event => change(index, { name: event.target.value })}
            />
            <DayHours
              label={day.name || day.date}
              value={day.intervals}
              onChange={intervals => change(index, { intervals })}
            />
            <Button
              type="text"
              size="small"
              className={css.removeDay}
              icon={<CloseOutlined />}
              aria-label={t('action.remove')}
              onClick={() => onChange?.(value.filter((_, at) => at !== index))}
            />
          </li>
        ))}
      </ul>
      {value.length === 0 && <p className="quiet small">{t('calendar.noHolidays')}</p>}
      <div className={css.dayActs}>
        <Button
          size="small"
          icon={<PlusOutlined />}
          onClick={() => onChange?.([...value, { date: '', name: '', intervals: [] }])}
        >
          {t('calendar.addHoliday')}
        </Button>
        <Suggestion onTake={add} />
      </div>
    </>
  )
}

function Suggestion({ onTake }: { onTake: (days: SpecialDay[]) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const thisYear = new Date().getFullYear()
  const [country, setCountry] = useState<string>()
  const [year, setYear] = useState(thisYear)
  const [isOpen, setOpen] = useState(false)
  const [isLoading, setLoading] = useState(false)

  async function take() {
    setLoading(true)
    try {
      const { closed, special, unannounced } = await suggestHolidays(country!, year)
      if (unannounced.length > 0)
        message.info(t('calendar.unannounced', { years: unannounced.join(', ') }), 8)
      onTake([...closed.map(day => ({ ...day, intervals: [] })), ...special])
      setOpen(false)
    } catch (error) {
      message.error(spell(error))
    } finally {
      setLoading(false)
    }
  }

  return (
    <Popover
      trigger="click"
      open={isOpen}
      onOpenChange={setOpen}
      content={
        <div className={css.suggestion}>
          <CountrySelect
            value={country}
            onChange={setCountry}
            placeholder={t('store.country')}
            aria-label={t('store.country')}
          />
          <Select
            value={year}
            onChange={setYear}
            options={[thisYear, thisYear + 1].map(value => ({ value }))}
            aria-label={t('calendar.year')}
          />
          <Button type="primary" disabled={!country} loading={isLoading} onClick={take}>
            {t('calendar.takeOver')}
          </Button>
        </div>
      }
    >
      <Button size="small" icon={<DownloadOutlined />}>
        {t('calendar.suggest')}
      </Button>
    </Popover>
  )
}
