import { ClockCircleOutlined } from '@ant-design/icons'
import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { spellTime, spellZone } from '../../ui/spell.ts'
import { useNowEvery } from '../../ui/ticker.ts'

/** What the customer's own clock shows: nobody likes to be called at three in the morning. */
export function LocalTime({ zone }: { zone: string }) {
  const { t, i18n } = useTranslation()
  const now = new Date(useNowEvery(15_000))
  const hour = Number(spellTime(now, 'en', zone).slice(0, 2))
  const isNight = hour < 8 || hour >= 21
  return (
    <Tooltip title={`${zone.replaceAll('_', ' ')} ${spellZone(zone, now, i18n.language)}`}>
      <span>
        <ClockCircleOutlined />{' '}
        {t(isNight ? 'customer.localNight' : 'customer.local', { time: spellTime(now, i18n.language, zone) })}
      </span>
    </Tooltip>
  )
}
