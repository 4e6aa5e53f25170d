import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../ui/page.tsx'
import { cutDuration } from '../../ui/spell.ts'
import { Empty } from '../../ui/states.tsx'
import type { Simulation } from './api.ts'
import css from './routing.module.css'

/** What the played day was like beside the real one, with a bar where a glance should do. */
export function Result({ result }: { result: Simulation }) {
  const { t, i18n } = useTranslation()
  const spell = useSpan()
  const { simulated, real, queues, agents } = result
  if (result.arrivals === 0) return <Empty title={t('simulation.none')} />
  const share = (value: number) =>
    new Intl.NumberFormat(i18n.language, { style: 'percent', maximumFractionDigits: 1 }).format(value)
  const waits = [
    ['median', 'p50Seconds'],
    ['p90', 'p90Seconds'],
    ['max', 'maxSeconds'],
  ] as const
  const longest = Math.max(1, simulated.maxSeconds, real.maxSeconds)
  const worst = Math.max(1, ...queues.map(({ figures }) => figures.p90Seconds))
  return (
    <div className={css.results}>
      <Card title={t('simulation.waiting')}>
        <table className={css.table}>
          <thead>
            <tr>
              <th />
              <th scope="col">{t('simulation.real')}</th>
              <th scope="col">{t('simulation.simulated')}</th>
            </tr>
          </thead>
          <tbody>
            {waits.map(([name, key]) => (
              <tr key={key}>
                <th scope="row">
                  {t(`simulation.${name}`)}
                  <Bar of={simulated[key]} most={longest} then={real[key]} />
                </th>
                <Figure>{spell(real[key])}</Figure>
                <Figure>{spell(simulated[key])}</Figure>
              </tr>
            ))}
            <tr>
              <th scope="row">{t('simulation.abandoned')}</th>
              <Figure>{share(real.abandonedShare)}</Figure>
              <Figure>{share(simulated.abandonedShare)}</Figure>
            </tr>
            <tr>
              <th scope="row">{t('simulation.conversations')}</th>
              <Figure>{real.count}</Figure>
              <Figure>{simulated.count}</Figure>
            </tr>
          </tbody>
        </table>
      </Card>
      <Card title={t('simulation.perQueue')}>
        <table className={css.table}>
          <thead>
            <tr>
              <th scope="col">{t('queues.name')}</th>
              <th scope="col">{t('simulation.conversations')}</th>
              <th scope="col">{t('simulation.p90')}</th>
              <th scope="col">{t('simulation.abandoned')}</th>
            </tr>
          </thead>
          <tbody>
            {queues.map(({ id, name, figures }) => (
              <tr key={id}>
                <td>
                  {name ?? t('simulation.noQueue')}
                  <Bar of={figures.p90Seconds} most={worst} />
                </td>
                <Figure>{figures.count}</Figure>
                <Figure>{spell(figures.p90Seconds)}</Figure>
                <Figure>{share(figures.abandonedShare)}</Figure>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
      <Card title={t('simulation.perAgent')}>
        {agents.length === 0 ? (
          <p className="quiet">{t('simulation.nobody')}</p>
        ) : (
          <table className={css.table}>
            <thead>
              <tr>
                <th scope="col">{t('simulation.agent')}</th>
                <th scope="col">{t('simulation.atWork')}</th>
                <th scope="col">{t('simulation.takenReally')}</th>
                <th scope="col">{t('simulation.taken')}</th>
                <th scope="col">{t('simulation.occupancy')}</th>
              </tr>
            </thead>
            <tbody>
              {agents.map(agent => (
                <tr key={agent.id}>
                  <td>
                    {agent.name}{' '}
                    {agent.isAssumed && <span className="quiet small">{t('simulation.isAssumed')}</span>}
                    <Bar of={agent.occupancy} most={1} />
                  </td>
                  <Figure>{spell(agent.atWorkSeconds)}</Figure>
                  <Figure>{agent.takenReally}</Figure>
                  <Figure>{agent.taken}</Figure>
                  <Figure>{share(agent.occupancy)}</Figure>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
    </div>
  )
}

const Figure = ({ children }: { children: ReactNode }) => <td className={css.figure}>{children}</td>

/** How much of the most it is; a thin mark shows how it really was. */
function Bar({ of, most, then }: { of: number; most: number; then?: number }) {
  const part = (value: number) => Math.min(100, (100 * value) / most)
  return (
    <svg className={css.bar} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden>
      <rect className={css.track} width="100" height="6" />
      <rect className={css.now} width={part(of)} height="6" />
      {then !== undefined && (
        <rect className={css.then} x={Math.max(0, part(then) - 0.5)} width="1" height="6" />
      )}
    </svg>
  )
}

function useSpan() {
  const { t } = useTranslation()
  return (seconds: number) => {
    const { unit, major, minor } = cutDuration(seconds * 1_000)
    return t(`clock.${unit}`, { major, minor, padded: String(minor).padStart(2, '0') })
  }
}
