import { DeleteOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { App, Button, Form, Input, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { ZoneSelect } from '../../ui/choices.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Failure, NoPermission, Skeleton } from '../../ui/states.tsx'
import { type Calendar, calendarList, type Interval, useRemoveCalendar, useSaveCalendar } from './api.ts'
import css from './calendar.module.css'
import { DayHours } from './day-hours.tsx'
import { Holidays, type SpecialDay } from './holidays.tsx'
import { faultIn, spellWeekday, type Weekday, weekdays } from './week.ts'

export function CalendarPage() {
  const { t } = useTranslation()
  const may = useMay()
  const { calendarId } = useParams({ from: '/shell/settings/calendars/$calendarId' })
  const { data, error, refetch } = useQuery(calendarList())
  const known = data?.items.find(({ id }) => id === calendarId)
  if (!may('settings:manage')) return <NoPermission />
  if (error && !data) return <Failure error={error} retry={refetch} />
  if (!data) return <Skeleton />
  return (
    <Page title={known?.name ?? t('calendar.new')} actions={known && <Remove calendar={known} />}>
      <CalendarForm key={calendarId} known={known} />
    </Page>
  )
}

type Values = { name: string; zone: string; weekly: Partial<Record<Weekday, Interval[]>>; days: SpecialDay[] }

const working: Interval[] = [{ from: '09:00', to: '18:00' }]
const usual = { 1: working, 2: working, 3: working, 4: working, 5: working }

function CalendarForm({ known }: { known: Calendar | undefined }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const save = useSaveCalendar(known)
  const [form] = Form.useForm<Values>()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const fits = (_: unknown, intervals: Interval[] = []) => {
    const fault = faultIn(intervals)
    return fault ? Promise.reject(new Error(t(`calendar.fault.${fault}`))) : Promise.resolve()
  }

  function copyMonday() {
    const monday = form.getFieldValue(['weekly', 1]) ?? []
    for (const weekday of [2, 3, 4, 5] as const) form.setFieldValue(['weekly', weekday], monday)
  }

  return (
    <RecordForm<Values>
      form={form}
      initial={known ? { ...known, days: daysOf(known) } : { zone, weekly: usual, days: [] }}
      save={({ name, zone, weekly, days }) => save.mutateAsync({ name, zone, weekly, ...splitDays(days) })}
      onSaved={() => {
        message.success(t('action.saved'))
        navigate({ to: '/settings/calendars' })
      }}
      onCancel={() => navigate({ to: '/settings/calendars' })}
    >
      <Card>
        <div className={css.pair}>
          <Form.Item
            name="name"
            label={t('calendar.name')}
            rules={[{ required: true, whitespace: true, message: t('form.required') }]}
          >
            <Input autoFocus={!known} maxLength={120} />
          </Form.Item>
          <Form.Item
            name="zone"
            label={t('store.zone')}
            extra={t('calendar.zoneHint')}
            rules={[{ required: true, message: t('form.required') }]}
          >
            <ZoneSelect />
          </Form.Item>
        </div>
      </Card>
      <Card
        title={t('calendar.week')}
        extra={
          <Button size="small" type="link" onClick={copyMonday}>
            {t('calendar.copyMonday')}
          </Button>
        }
      >
        {weekdays.map(weekday => (
          <div key={weekday} className={css.weekday}>
            <span className={css.dayName}>{spellWeekday(weekday, i18n.language)}</span>
            <Form.Item name={['weekly', weekday]} rules={[{ validator: fits }]} className={css.hours}>
              <DayHours label={spellWeekday(weekday, i18n.language)} />
            </Form.Item>
          </div>
        ))}
      </Card>
      <Card title={t('calendar.holidays')}>
        <Form.Item name="days" className={css.flat}>
          <Holidays />
        </Form.Item>
      </Card>
      <div className={css.gap} />
    </RecordForm>
  )
}

const daysOf = ({ closed, special }: Calendar): SpecialDay[] =>
  [...closed.map(day => ({ ...day, intervals: [] })), ...special].sort((a, b) => a.date.localeCompare(b.date))

const splitDays = (days: SpecialDay[]) => ({
  closed: days.filter(({ intervals }) => intervals.length === 0).map(({ date, name }) => ({ date, name })),
  special: days.filter(({ intervals }) => intervals.length > 0),
})

function Remove({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const navigate = useNavigate()
  const spell = useRefusal()
  const remove = useRemoveCalendar()
  return (
    <Popconfirm
      title={t('calendar.remove', { name: calendar.name })}
      okText={t('action.remove')}
      onConfirm={() =>
        remove.mutate(calendar.id, {
          onSuccess: () => navigate({ to: '/settings/calendars' }),
          onError: error => void message.error(spell(error)),
        })
      }
    >
      <Button icon={<DeleteOutlined />} loading={remove.isPending}>
        {t('action.remove')}
      </Button>
    </Popconfirm>
  )
}
