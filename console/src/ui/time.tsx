import { Tooltip } from 'antd'
import { createContext, type ReactNode, useContext } from 'react'
import { useTranslation } from 'react-i18next'
import { useReaderZone } from './reader-zone.ts'
import { spellDate, spellMoment, spellShort, spellTime, spellZone } from './spell.ts'
import css from './time.module.css'

/** Whose clocks matter beside the reader's own, on this part of the screen. */
type Zones = { customer?: string | null; store?: string | null }
const ZonesContext = createContext<Zones>({})

export function ZonesOf({ children, ...zones }: Zones & { children: ReactNode }) {
  return <ZonesContext value={zones}>{children}</ZonesContext>
}

type Props = { at: string | Date; as?: 'short' | 'time' | 'date' | 'moment' }

const spelled = { short: spellShort, time: spellTime, date: spellDate, moment: spellMoment }

/** A moment in the reader's language; hovering shows it on the customer's, the store's and the own clock. */
export function Time({ at, as = 'short' }: Props) {
  const { i18n } = useTranslation()
  const zone = useReaderZone()
  const date = new Date(at)
  return (
    <Tooltip title={<Clocks at={date} />} mouseEnterDelay={0.35} classNames={{ root: css.tip }}>
      <time dateTime={date.toISOString()}>{spelled[as](date, i18n.language, zone)}</time>
    </Tooltip>
  )
}

/** The same without a tooltip, for use inside one. */
export function Moment({ at }: { at: string | Date }) {
  const { i18n } = useTranslation()
  const zone = useReaderZone()
  return <time dateTime={new Date(at).toISOString()}>{spellMoment(new Date(at), i18n.language, zone)}</time>
}

/** What hovering shows, for a moment that is spelled otherwise. */
export function Clocks({ at }: { at: Date }) {
  const { t, i18n } = useTranslation()
  const { customer, store } = useContext(ZonesContext)
  const own = useReaderZone()
  const rows = [
    ['customer', customer],
    ['store', store],
    ['own', own],
  ] as const
  return (
    <dl className={css.clocks}>
      {rows.map(([whose, zone]) =>
        zone ? (
          <div key={whose}>
            <dt>{t(`time.${whose}`)}</dt>
            <dd>
              {spellMoment(at, i18n.language, zone)} <span>{spellZone(zone, at, i18n.language)}</span>
            </dd>
          </div>
        ) : null,
      )}
    </dl>
  )
}
