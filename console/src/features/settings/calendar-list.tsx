import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { type Calendar, calendarList, storeList } from './api.ts'
import css from './calendar.module.css'
import { spellWeek } from './week.ts'

export function CalendarList() {
  const { t, i18n } = useTranslation()
  const may = useMay()
  const navigate = useNavigate()
  const query = useQuery(calendarList())
  const stores = useQuery(storeList()).data?.items
  const open = (calendarId: string) =>
    navigate({ to: '/settings/calendars/$calendarId', params: { calendarId } })
  return (
    <Page
      title={t('calendar.title')}
      about={t('calendar.about')}
      actions={
        may('settings:manage') && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => open('new')}>
            {t('calendar.new')}
          </Button>
        )
      }
    >
      <RecordTable<Calendar>
        label={t('calendar.title')}
        rows={{ ...query, data: query.data?.items }}
        onOpen={({ id }) => open(id)}
        empty={{ title: t('calendar.none'), text: t('calendar.noneText') }}
        columns={[
          {
            key: 'name',
            title: t('calendar.name'),
            render: ({ name }) => <span className="strong">{name}</span>,
          },
          {
            key: 'week',
            title: t('calendar.week'),
            render: ({ weekly }) => spellWeek(weekly, i18n.language) || t('calendar.never'),
          },
          { key: 'zone', title: t('store.zone'), render: ({ zone }) => zone.replaceAll('_', ' ') },
          {
            key: 'stores',
            title: t('calendar.stores'),
            render: ({ storeIds }) =>
              stores
                ?.filter(({ id }) => storeIds.includes(id))
                .map(({ name }) => name)
                .join(', '),
          },
          {
            key: 'now',
            title: t('calendar.now'),
            render: ({ isOpen }) => (
              <span className={isOpen ? css.isOpen : 'quiet'}>
                {t(isOpen ? 'calendar.open' : 'calendar.closed')}
              </span>
            ),
          },
        ]}
      />
    </Page>
  )
}
