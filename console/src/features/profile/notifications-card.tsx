import { SoundOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Checkbox, Slider, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { askForDesktop, canAskForDesktop, desktopIsRefused, play } from '../../shell/attention.ts'
import { Card } from '../../ui/page.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { TimeField } from '../../ui/time-field.tsx'
import { type NotificationSettings, notificationSettings, useSetNotifications } from './api.ts'
import css from './profile.module.css'

const kinds = ['assigned', 'customer_wrote', 'mention', 'whisper', 'escalation', 'queued'] as const
const ways = ['sound', 'desktop', 'title'] as const

/** By what one is told of what; each change counts at once, on every machine. */
export function NotificationsCard() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const settings = useQuery(notificationSettings()).data
  const set = useSetNotifications()
  if (!settings) return null
  const { doNotDisturb } = settings
  const change = (over: Partial<NotificationSettings>) =>
    set.mutate({ ...settings, ...over }, { onError: error => void message.error(spell(error)) })

  async function choose(kind: (typeof kinds)[number], way: (typeof ways)[number], on: boolean) {
    // A browser asks once, and only while the click that wants it is fresh.
    if (way === 'desktop' && on && canAskForDesktop()) await askForDesktop()
    change({ ways: { ...settings!.ways, [kind]: { ...settings!.ways[kind], [way]: on } } })
  }

  return (
    <Card title={t('notifications.title')}>
      <table className={css.ways}>
        <thead>
          <tr>
            <th scope="col">{t('notifications.of')}</th>
            {ways.map(way => (
              <th key={way} scope="col">
                {t(`notifications.way.${way}`)}
              </th>
            ))}
            <th />
          </tr>
        </thead>
        <tbody>
          {kinds.map(kind => (
            <tr key={kind}>
              <th scope="row">{t(`notifications.kind.${kind}`)}</th>
              {ways.map(way => (
                <td key={way}>
                  <Checkbox
                    aria-label={`${t(`notifications.kind.${kind}`)}: ${t(`notifications.way.${way}`)}`}
                    checked={settings.ways[kind][way]}
                    onChange={({ target }) => void choose(kind, way, target.checked)}
                  />
                </td>
              ))}
              <td>
                <Button
                  size="small"
                  type="text"
                  icon={<SoundOutlined />}
                  aria-label={t('notifications.test', { kind: t(`notifications.kind.${kind}`) })}
                  onClick={() => play(kind, settings.volume)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {desktopIsRefused() && <p className="quiet small">{t('notifications.refused')}</p>}
      <div className={css.line}>
        <span>{t('notifications.volume')}</span>
        <Slider
          key={settings.volume}
          className={css.slider}
          min={0}
          max={100}
          step={5}
          defaultValue={settings.volume}
          ariaLabelForHandle={t('notifications.volume')}
          onChangeComplete={volume => {
            change({ volume })
            play('assigned', volume)
          }}
        />
      </div>
      <div className={css.line}>
        <span>{t('notifications.quietWhileLooking')}</span>
        <Switch
          aria-label={t('notifications.quietWhileLooking')}
          checked={settings.quietWhileLooking}
          onChange={quietWhileLooking => change({ quietWhileLooking })}
        />
      </div>
      <div className={css.line}>
        <span>{t('notifications.doNotDisturb')}</span>
        {doNotDisturb && (
          <>
            <TimeField
              value={doNotDisturb.from}
              label={t('notifications.from')}
              onChange={from => change({ doNotDisturb: { ...doNotDisturb, from } })}
            />
            –
            <TimeField
              value={doNotDisturb.to}
              label={t('notifications.to')}
              onChange={to => change({ doNotDisturb: { ...doNotDisturb, to } })}
            />
          </>
        )}
        <Switch
          aria-label={t('notifications.doNotDisturb')}
          checked={doNotDisturb !== null}
          onChange={on => change({ doNotDisturb: on ? { from: '22:00', to: '07:00' } : null })}
        />
      </div>
      <p className="quiet small">{t('notifications.doNotDisturbHint')}</p>
    </Card>
  )
}
