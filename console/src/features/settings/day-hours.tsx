import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { TimeField } from '../../ui/time-field.tsx'
import type { Interval } from './api.ts'
import css from './calendar.module.css'

type Props = { label: string; value?: Interval[]; onChange?: (intervals: Interval[]) => void }

/** The hours of one day: none, one stretch, or several with a break between. */
export function DayHours({ label, value = [], onChange }: Props) {
  const { t } = useTranslation()
  const change = (at: number, over: Partial<Interval>) =>
    onChange?.(value.map((one, index) => (index === at ? { ...one, ...over } : one)))
  const last = value.at(-1)
  const add = () =>
    onChange?.([...value, last ? { from: last.to, to: later(last.to) } : { from: '09:00', to: '18:00' }])
  return (
    <div className={css.intervals}>
      {value.length === 0 && <span className="quiet">{t('calendar.dayOff')}</span>}
      {value.map(({ from, to }, index) => (
        <span key={index} className={css.interval}>
          <TimeField
            value={from}
            onChange={time => change(index, { from: time })}
            label={`${label}: ${t('calendar.from')}`}
          />
          <span aria-hidden>–</span>
          <TimeField
            value={to}
            onChange={time => change(index, { to: time })}
            label={`${label}: ${t('calendar.to')}`}
            isEnd
          />
          <Button
            type="text"
            size="small"
            icon={<CloseOutlined />}
            aria-label={t('action.remove')}
            onClick={() => onChange?.(value.filter((_, at) => at !== index))}
          />
        </span>
      ))}
      {last?.to !== '24:00' && (
        <Button
          type="text"
          size="small"
          icon={<PlusOutlined />}
          aria-label={t('calendar.addHours', { day: label })}
          onClick={add}
        />
      )}
    </div>
  )
}

const later = (time: string) => `${String(Math.min(24, Number(time.slice(0, 2)) + 3)).padStart(2, '0')}:00`
