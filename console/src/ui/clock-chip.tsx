import { PauseOutlined } from '@ant-design/icons'
import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import css from './clock-chip.module.css'
import { type ClockTimes, clockPhase } from './clock-phase.ts'
import { cutDuration } from './spell.ts'
import { useNow } from './ticker.ts'
import { Moment } from './time.tsx'

type Props = {
  clock: ClockTimes & { kind: string; pauseReason?: PauseReason | null }
  size?: 'small' | 'middle'
  /** Where what it says on hovering is told beside it. */
  isBare?: boolean
}

type PauseReason = 'customer' | 'carrier' | 'supplier' | 'bank'

/** Counts down to the second in the server's time: grey, amber from half-way, red once over. */
export function ClockChip({ clock, size = 'middle', isBare = false }: Props) {
  const { t } = useTranslation()
  const { phase, left, part } = clockPhase(clock, useNow())
  const { unit, major, minor } = cutDuration(Math.abs(left))
  const span = t(`clock.${unit}`, { major, minor, padded: String(minor).padStart(2, '0') })
  const kind = t(`clock.kind.${clock.kind as 'first_response'}`, { defaultValue: clock.kind })
  const short = t(`clock.short.${unit}`, { major })
  const spoken = phase === 'late' ? t('clock.over', { span: short }) : span
  if (clock.pauseReason && phase !== 'late') {
    const reason = t(`clockPolicy.pauseOf.${clock.pauseReason}`)
    const paused = t('clockList.pausedShort', { reason })
    return (
      <Tooltip title={isBare ? null : kind}>
        <span
          className={`${css.chip} ${css.calm} ${css[size]}`}
          data-phase="paused"
          role="img"
          aria-label={`${kind}: ${paused}`}
        >
          <PauseOutlined />
          {size === 'small' ? null : paused}
        </span>
      </Tooltip>
    )
  }
  return (
    <Tooltip
      title={
        isBare ? null : (
          <>
            {kind}
            <br />
            {t('clock.due')} <Moment at={clock.dueAt} />
          </>
        )
      }
    >
      <span
        className={`${css.chip} ${css[phase]} ${css[size]}`}
        data-phase={phase}
        role="timer"
        aria-label={`${kind}: ${spoken}`}
      >
        <Ring part={part} />
        {spoken}
      </span>
    </Tooltip>
  )
}

function Ring({ part }: { part: number }) {
  return (
    <svg className={css.ring} viewBox="0 0 12 12" aria-hidden>
      <circle cx="6" cy="6" r="4.75" className={css.track} />
      <circle cx="6" cy="6" r="4.75" className={css.left} pathLength={1} strokeDasharray={`${1 - part} 1`} />
    </svg>
  )
}
