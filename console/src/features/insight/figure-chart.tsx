import { useTranslation } from 'react-i18next'
import type { Cut, Figures, Metric } from './api.ts'
import css from './figures.module.css'
import { spellPart, spellValue } from './spelled.ts'

type Item = Figures['items'][number]
type Props = {
  metric: Metric
  by: Cut
  figures: Figures
  onOpen: (key: string | null) => void
}

const mostBars = 20
const height = 180

/** Days and hours stand beside each other, everything else lies below one another; a bar opens to its rows. */
export function FigureChart(props: Props) {
  return props.by === 'day' || props.by === 'hour' ? <Standing {...props} /> : <Lying {...props} />
}

/** The whole height of what is drawn: the greatest value or, of times, nine tenths of the waits. */
const topOf = (items: Item[], target: Figures['target']) =>
  Math.max(...items.map(({ value, p90 }) => Math.max(value ?? 0, p90 ?? 0)), target?.value ?? 0) || 1

function Standing({ metric, by, figures, onOpen }: Props) {
  const { target } = figures
  const items = withGaps(by, figures)
  const { t, i18n } = useTranslation()
  const top = topOf(items, target)
  const every = Math.ceil(items.length / 16)
  const up = (value: number | null) => ((value ?? 0) / top) * height
  const say = (value: number | null) => spellValue(metric.unit, value, t, i18n.language)
  return (
    <div className={css.standing}>
      <div className={css.scale} aria-hidden>
        <span>{say(top)}</span>
        <span>{say(top / 2)}</span>
        <span>{say(0)}</span>
      </div>
      <div className={css.bars} style={{ height }}>
        {target && <i className={css.target} style={{ bottom: up(target.value) }} />}
        {items.map(item => (
          <button
            key={item.key ?? '-'}
            type="button"
            className={`plain ${css.bar}`}
            title={`${spellPart(by, item, t, i18n.language)}: ${say(item.value)} · n ${item.n}${item.p90 === null ? '' : ` · P90 ${say(item.p90)}`}`}
            onClick={() => onOpen(item.key)}
          >
            {item.p90 !== null && <i className={css.whisker} style={{ height: up(item.p90) }} />}
            <i className={css.fill} style={{ height: Math.max(item.n > 0 ? 2 : 0, up(item.value)) }} />
          </button>
        ))}
      </div>
      <div className={css.days} aria-hidden>
        {items.map((item, n) => (
          <span key={item.key ?? '-'}>{n % every === 0 ? spellPart(by, item, t, i18n.language) : ''}</span>
        ))}
      </div>
      {metric.unit === 'seconds' && <p className={css.legend}>{t('figure.legend')}</p>}
    </div>
  )
}

/** A day or an hour in which nothing counts has its place all the same. */
function withGaps(by: Cut, { items, from, to }: Figures): Item[] {
  const days = (Date.parse(to) - Date.parse(from)) / 86_400_000 + 1
  const keys =
    by === 'hour'
      ? Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'))
      : Array.from({ length: days }, (_, n) =>
          new Date(Date.parse(from) + n * 86_400_000).toISOString().slice(0, 10),
        )
  const known = new Map(items.map(item => [item.key, item]))
  if (items.some(({ key }) => !keys.includes(key ?? ''))) return items
  return keys.map(key => known.get(key) ?? { ...nothing, key })
}

const nothing = {
  ...{ name: null, n: 0, numerator: 0, denominator: 0, withinTarget: null },
  ...{ value: null, mean: null, p50: null, p90: null, p95: null },
}

function Lying({ metric, by, figures: { items, target }, onOpen }: Props) {
  const { t, i18n } = useTranslation()
  const shown = items.slice(0, mostBars)
  const top = topOf(shown, target)
  const wide = (value: number | null) => `${((value ?? 0) / top) * 100}%`
  return (
    <>
      <ul className={css.lying}>
        {shown.map(item => (
          <li key={item.key ?? '-'}>
            <button type="button" className={`plain ${css.lyingBar}`} onClick={() => onOpen(item.key)}>
              <span className="cut">{spellPart(by, item, t, i18n.language)}</span>
              <span className={css.track}>
                {item.p90 !== null && <i className={css.whisker} style={{ width: wide(item.p90) }} />}
                <i className={css.fill} style={{ width: wide(item.value) }} />
                {target && <i className={css.mark} style={{ left: wide(target.value) }} />}
              </span>
              <b>{spellValue(metric.unit, item.value, t, i18n.language)}</b>
            </button>
          </li>
        ))}
      </ul>
      {metric.unit === 'seconds' && <p className={css.legend}>{t('figure.legend')}</p>}
    </>
  )
}
