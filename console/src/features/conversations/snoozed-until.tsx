import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { spellSoon } from '../../ui/spell.ts'
import { Clocks } from '../../ui/time.tsx'

/** On the clock by which it was chosen. */
export function SnoozedUntil({ at }: { at: string }) {
  const { t, i18n } = useTranslation()
  const zone = useReaderZone()
  return (
    <Tooltip title={<Clocks at={new Date(at)} />} mouseEnterDelay={0.35}>
      <span className="cut">
        {t('snooze.until', { moment: spellSoon(new Date(at), i18n.language, zone) })}
      </span>
    </Tooltip>
  )
}
