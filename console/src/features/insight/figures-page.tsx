import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button, Dropdown, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Card, Page } from '../../ui/page.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Failure, NoPermission, Skeleton } from '../../ui/states.tsx'
import { type Cut, type Figures, figures, type Metric, metricList, type Question, useExport } from './api.ts'
import { FigureChart } from './figure-chart.tsx'
import { FigureRows } from './figure-rows.tsx'
import css from './figures.module.css'
import type { FigureSearch } from './routes.tsx'
import { localDay, spellPart, spellSum, spellValue } from './spelled.ts'

const day = 86_400_000

/** A metric over a period, looked at as a chart and read as a table; every number opens to what it counts. */
export function FiguresPage() {
  const may = useMay()
  const { data: metrics, error, refetch } = useQuery({ ...metricList(), enabled: may('insight:read') })
  if (!may('insight:read')) return <NoPermission />
  if (error && !metrics) return <Failure error={error} retry={refetch} />
  return metrics ? <Asked metrics={metrics} /> : <Skeleton lines={6} />
}

function Asked({ metrics }: { metrics: Metric[] }) {
  const { t } = useTranslation()
  const may = useMay()
  const search = useSearch({ from: '/shell/insight/figures' })
  const navigate = useNavigate({ from: '/insight/figures' })
  const metric = metrics.find(({ code }) => code === search.metric) ?? metrics[0]!
  const question: Question = {
    metric: metric.code,
    from: search.from ?? localDay(new Date(Date.now() - 6 * day)),
    to: search.to ?? localDay(new Date()),
    by: search.by && metric.cuts.includes(search.by) ? search.by : null,
    isToday: search.today ?? false,
  }
  const { data, error, refetch } = useQuery(figures(question))
  const change = (next: FigureSearch) => navigate({ search: now => ({ ...now, open: undefined, ...next }) })

  return (
    <Page
      width="wide"
      title={t('figure.title')}
      actions={may('insight:export') && <ExportButton question={question} open={search.open} />}
    >
      <div className={css.ask}>
        <label>
          {t('figure.metric')}
          <Select
            className={css.metric}
            value={metric.code}
            showSearch={{ optionFilterProp: 'label' }}
            listHeight={420}
            options={metrics.map(({ code, name }) => ({ value: code, label: name }))}
            onChange={code => change({ metric: code })}
          />
        </label>
        <label>
          {t('figure.from')}
          <Input
            type="date"
            value={question.from}
            max={question.to}
            disabled={metric.isNow || question.isToday}
            onChange={event => event.target.value && change({ from: event.target.value })}
          />
        </label>
        <label>
          {t('figure.to')}
          <Input
            type="date"
            value={question.to}
            min={question.from}
            disabled={metric.isNow || question.isToday}
            onChange={event => event.target.value && change({ to: event.target.value })}
          />
        </label>
        <label>
          {t('figure.by')}
          <Select<Cut | 'all'>
            className={css.cut}
            value={question.by ?? 'all'}
            options={[
              { value: 'all', label: t('figure.all') },
              ...metric.cuts.map(cut => ({ value: cut, label: t(`figure.cut.${cut}`) })),
            ]}
            onChange={cut => change({ by: cut === 'all' ? undefined : cut })}
          />
        </label>
        {question.isToday && (
          <Button onClick={() => change({ today: undefined })}>{t('figure.endToday')}</Button>
        )}
      </div>
      <p className={css.meaning}>{metric.meaning}</p>
      {error && !data ? <Failure error={error} retry={refetch} /> : null}
      {data && data.metric === metric.code && (
        <Answered metric={metric} figures={data} onOpen={key => change({ open: key === null ? '-' : key })} />
      )}
      {search.open && data && (
        <FigureRows
          metric={metric}
          question={question}
          part={search.open === 'all' ? undefined : search.open === '-' ? null : search.open}
          figures={data}
          onClose={() => change({})}
        />
      )}
    </Page>
  )
}

type AnsweredProps = { metric: Metric; figures: Figures; onOpen: (key: string | null) => void }

function Answered({ metric, figures, onOpen }: AnsweredProps) {
  const { by, dayZone, items, total, target, isMore } = figures
  const { t, i18n } = useTranslation()
  const say = (value: number | null) => spellValue(metric.unit, value, t, i18n.language)
  const misses =
    target &&
    total.value !== null &&
    (target.op === '<=' ? total.value > target.value : total.value < target.value)
  const isSpan = metric.unit === 'seconds'
  return (
    <>
      <section className={css.total}>
        <button type="button" className={`plain ${css.big}`} onClick={() => onOpen('all')}>
          <span>{t(`figure.shows.${metric.shows}`)}</span>
          <b className={misses ? css.missed : undefined}>{say(total.value)}</b>
          {target && (
            <span>
              {t(target.op === '<=' ? 'figure.atMost' : 'figure.atLeast', { value: say(target.value) })}
            </span>
          )}
        </button>
        <Parts
          parts={[
            [t('figure.numerator'), spellSum(metric.unit, total.numerator, t, i18n.language)],
            [t('figure.denominator'), spellSum('count', total.denominator, t, i18n.language)],
            ['n', spellSum('count', total.n, t, i18n.language)],
            ...(isSpan
              ? ([
                  ['P50', say(total.p50)],
                  ['P90', say(total.p90)],
                  ['P95', say(total.p95)],
                  [t('figure.mean'), say(total.mean)],
                ] as [string, string][])
              : []),
            ...(total.withinTarget
              ? ([
                  [
                    t('figure.withinTarget'),
                    `${spellValue('share', total.withinTarget.value, t, i18n.language)} (${total.withinTarget.numerator}/${total.withinTarget.denominator})`,
                  ],
                ] as [string, string][])
              : []),
          ]}
        />
        <p className="quiet small">
          {metric.isNow
            ? t('figure.isNow')
            : dayZone.of === 'store'
              ? t('figure.byStore')
              : t('figure.byCompany', { zone: dayZone.zone ?? '' })}
        </p>
      </section>
      {by && items.length > 0 && (
        <>
          <Card>
            <FigureChart metric={metric} by={by} figures={figures} onOpen={onOpen} />
          </Card>
          <table className={css.table}>
            <thead>
              <tr>
                <th>{t(`figure.cut.${by}`)}</th>
                <th>{t(`figure.shows.${metric.shows}`)}</th>
                {isSpan && ['P90', 'P95'].map(name => <th key={name}>{name}</th>)}
                {isSpan && <th>{t('figure.withinTarget')}</th>}
                <th>{t('figure.numerator')}</th>
                <th>{t('figure.denominator')}</th>
                <th>{t('figure.n')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map(item => (
                <tr key={item.key ?? '-'}>
                  <td>
                    <button type="button" className={`plain ${css.open}`} onClick={() => onOpen(item.key)}>
                      {spellPart(by, item, t, i18n.language)}
                    </button>
                  </td>
                  <td className="strong">{say(item.value)}</td>
                  {isSpan &&
                    [item.p90, item.p95].map((value, n) => (
                      <td key={n === 0 ? 'p90' : 'p95'}>{say(value)}</td>
                    ))}
                  {isSpan && (
                    <td>
                      {item.withinTarget
                        ? spellValue('share', item.withinTarget.value, t, i18n.language)
                        : '–'}
                    </td>
                  )}
                  <td>{spellSum(metric.unit, item.numerator, t, i18n.language)}</td>
                  <td>{spellSum('count', item.denominator, t, i18n.language)}</td>
                  <td>{item.n}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {isMore && <p className="quiet small">{t('figure.isMore')}</p>}
        </>
      )}
    </>
  )
}

function Parts({ parts }: { parts: [string, string][] }) {
  return (
    <dl className={css.parts}>
      {parts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function ExportButton({ question, open }: { question: Question; open: string | undefined }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const spell = useRefusal()
  const order = useExport()
  const key = open === undefined || open === 'all' ? {} : { key: open === '-' ? null : open }
  const take = (kind: 'figures' | 'rows', format: 'csv' | 'xlsx') =>
    order.mutate(
      {
        matter: kind === 'figures' ? { kind, question } : { kind, question: { ...question, ...key } },
        format,
      },
      {
        onSuccess: () => navigate({ to: '/insight/exports' }),
        onError: error => message.error(spell(error)),
      },
    )
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: (['figures', 'rows'] as const).flatMap(kind =>
          (['xlsx', 'csv'] as const).map(format => ({
            key: `${kind}-${format}`,
            label: t(`export.take.${kind}`, { format: format.toUpperCase() }),
            onClick: () => take(kind, format),
          })),
        ),
      }}
    >
      <Button icon={<DownloadOutlined />} loading={order.isPending}>
        {t('export.take.title')}
      </Button>
    </Dropdown>
  )
}
