import { DownOutlined } from '@ant-design/icons'
import { App, Button, Dropdown, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe, useSetAvailability } from '../api/session.ts'
import { useRefusal } from '../ui/refusal.ts'
import { useActions } from './actions.ts'
import css from './availability.module.css'

const states = ['online', 'busy', 'away', 'offline'] as const
const reasons = ['break', 'meal', 'meeting', 'training'] as const

/** One switch for all channels. Away asks why, because the floor plans by it. */
export function AvailabilitySwitch() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const { availability } = useMe()
  const change = useSetAvailability()
  const spell = useRefusal()
  const [reason, setReason] = useState('')
  const [open, setOpen] = useState(false)

  function set(state: (typeof states)[number], why?: string) {
    setOpen(false)
    setReason('')
    change.mutate({ state, reason: why || undefined }, { onError: error => message.error(spell(error)) })
  }

  useActions(
    states.map(state => ({
      id: `availability-${state}`,
      section: 'you',
      label: t('availability.set', { state: t(`availability.${state}`) }),
      run: () => set(state),
    })),
  )

  const spelledReason =
    availability.reason &&
    t(`availability.reason.${availability.reason as 'break'}`, { defaultValue: availability.reason })

  return (
    <Dropdown
      trigger={['click']}
      open={open}
      onOpenChange={setOpen}
      popupRender={() => (
        <div className={css.menu}>
          {states.map(state => (
            <button key={state} type="button" className={`plain ${css.option}`} onClick={() => set(state)}>
              <i className={`${css.dot} ${css[state]}`} />
              <span>{t(`availability.${state}`)}</span>
              <span className={css.about}>{t(`availability.about.${state}`)}</span>
            </button>
          ))}
          <div className={css.reasons}>
            <p className="tiny quiet">{t('availability.why')}</p>
            <div className={css.chips}>
              {reasons.map(why => (
                <Button key={why} size="small" onClick={() => set('away', why)}>
                  {t(`availability.reason.${why}`)}
                </Button>
              ))}
            </div>
            <Input
              size="small"
              value={reason}
              maxLength={60}
              placeholder={t('availability.otherReason')}
              onChange={event => setReason(event.target.value)}
              onPressEnter={() => reason.trim() && set('away', reason.trim())}
            />
          </div>
        </div>
      )}
    >
      <button type="button" className={`plain ${css.switch}`} aria-label={t('availability.title')}>
        <i className={`${css.dot} ${css[availability.state]}`} />
        <span>{t(`availability.${availability.state}`)}</span>
        {spelledReason && <span className={`quiet cut ${css.reason}`}>{spelledReason}</span>}
        <DownOutlined className={css.arrow} />
      </button>
    </Dropdown>
  )
}
