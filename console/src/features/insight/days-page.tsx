import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { spellTime } from '../../ui/spell.ts'
import { Empty, Failure, NoPermission, Skeleton } from '../../ui/states.tsx'
import { useExport, type WorkDay, workDays } from './api.ts'
import css from './days.module.css'
import { localDay, spellSpan, spellValue } from './spelled.ts'

/** What each colleague's day was: when he was there, what he answered, how quickly and of what. */
export function DaysPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useMay()
  const spell = useRefusal()
  const search = useSearch({ from: '/shell/insight/days' })
  const navigate = useNavigate({ from: '/insight/days' })
  const order = useExport()
  const date = search.date ?? localDay(new Date())
  const { data, error, refetch } = useQuery({ ...workDays(date), enabled: may('insight:read') })
  if (!may('insight:read')) return <NoPermission />
  const take = () =>
    order.mutate(
      { matter: { kind: 'days', date }, format: 'xlsx' },
      {
        onSuccess: () => navigate({ to: '/insight/exports' }),
        onError: error => message.error(spell(error)),
      },
    )
  return (
    <Page
      width="wide"
      title={t('workDay.title')}
      about={data && t('workDay.about', { zone: data.zone })}
      actions={
        <>
          <Input
            type="date"
            value={date}
            max={localDay(new Date())}
            aria-label={t('workDay.date')}
            onChange={event => event.target.value && navigate({ search: { date: event.target.value } })}
          />
          {may('insight:export') && (
            <Button icon={<DownloadOutlined />} loading={order.isPending} onClick={take}>
              {t('export.take.title')}
            </Button>
          )}
        </>
      }
    >
      {error && !data && <Failure error={error} retry={refetch} />}
      {!data && !error && <Skeleton lines={6} />}
      {data?.items.length === 0 && <Empty title={t('workDay.none')} />}
      <div className={css.days}>
        {data?.items.map(day => (
          <Day
            key={day.staff.id}
            day={day}
            date={date}
            zone={data.zone}
            from={Date.parse(data.from)}
            to={Date.parse(data.to)}
          />
        ))}
      </div>
    </Page>
  )
}

type Props = { day: WorkDay; date: string; zone: string; from: number; to: number }

function Day({ day, date, zone, from, to }: Props) {
  const { t, i18n } = useTranslation()
  const say = (value: number | null | undefined) => spellValue('seconds', value ?? null, t, i18n.language)
  const opens = (metric: string) => ({
    metric,
    from: date,
    to: date,
    by: 'staff' as const,
    open: day.staff.id,
  })
  const { response, firstResponse, resolution, handling, occupancy } = day
  const cells = [
    { name: t('workDay.atWork'), value: spellSpan(day.onlineSeconds, t), metric: 'occupancy' },
    { name: t('workDay.conversations'), value: day.conversations, metric: 'response' },
    { name: t('workDay.answers'), value: response?.n ?? 0, metric: 'response' },
    { name: t('workDay.firsts'), value: firstResponse?.n ?? 0, metric: 'first_response' },
    { name: t('workDay.resolved'), value: resolution?.n ?? 0, metric: 'resolution' },
    {
      name: t('workDay.response'),
      value: `${say(response?.p50)} · ${say(response?.p90)}`,
      metric: 'response',
    },
    {
      name: t('workDay.firstResponse'),
      value: `${say(firstResponse?.p50)} · ${say(firstResponse?.p90)}`,
      metric: 'first_response',
    },
    { name: t('workDay.handling'), value: say(handling?.value), metric: 'handling' },
    {
      name: t('workDay.occupancy'),
      value: spellValue('share', occupancy?.value ?? null, t, i18n.language),
      metric: 'occupancy',
    },
  ]
  return (
    <section className={css.day}>
      <header className={css.head}>
        <h3>{day.staff.name}</h3>
        <span className="quiet small cut">
          {day.reasons
            .map(({ code, name, n }) => `${name ?? code ?? t('workDay.noReason')} ${n}`)
            .join(' · ')}
        </span>
      </header>
      <Timeline day={day} zone={zone} from={from} to={to} />
      <dl className={css.cells}>
        {cells.map(({ name, value, metric }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <Link to="/insight/figures" search={opens(metric)}>
                {value}
              </Link>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

const hours = [0, 3, 6, 9, 12, 15, 18, 21, 24]

function Timeline({ day: { spans, answers }, zone, from, to }: Omit<Props, 'date'>) {
  const { t, i18n } = useTranslation()
  const at = (moment: number) => ((moment - from) / (to - from)) * 100
  const most = Math.max(1, ...answers)
  return (
    <div className={css.timeline}>
      <div className={css.answers}>
        {answers.map((n, hour) => (
          <i
            key={hours.length + hour}
            style={{ height: `${(n / most) * 100}%` }}
            title={t('workDay.inHour', { count: n, hour })}
          />
        ))}
      </div>
      <div className={css.states}>
        {spans.map(({ state, reason, from: began, to: ended }) => {
          const [left, right] = [at(Date.parse(began)), at(Date.parse(ended))]
          const why = reason && t(`availability.reason.${reason as 'break'}`, { defaultValue: reason })
          const span = [began, ended]
            .map(moment => spellTime(new Date(moment), i18n.language, zone))
            .join('–')
          return (
            <i
              key={began}
              className={css[state]}
              style={{ left: `${left}%`, width: `${Math.max(0.15, right - left)}%` }}
              title={`${t(`availability.${state}`)}${why ? ` (${why})` : ''} ${span}`}
            />
          )
        })}
      </div>
      <div className={css.hours} aria-hidden>
        {hours.map(hour => (
          <span key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
            {String(hour).padStart(2, '0')}
          </span>
        ))}
      </div>
    </div>
  )
}
