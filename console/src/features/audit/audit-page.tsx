import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { RecordTable } from '../../ui/record-table.tsx'
import { dateIn } from '../../ui/spell.ts'
import { Time } from '../../ui/time.tsx'
import { midnightIn } from '../../ui/zone-time.ts'
import { useStaff } from '../staff/api.ts'
import { type AuditEntry, type AuditSearch, auditList } from './api.ts'
import css from './audit.module.css'
import { actions, useSpellEntry } from './spell-entry.ts'
import { Verdict } from './verdict.tsx'

/** Who did what to which object, and whether the record of it is whole. */
export function AuditPage() {
  const { t } = useTranslation()
  const search = useSearch({ from: '/shell/settings/audit' })
  const query = useInfiniteQuery(auditList(search))
  const spell = useSpellEntry()
  return (
    <Page width="wide" title={t('audit.title')} about={t('audit.about')}>
      <Verdict />
      <Filters search={search} />
      <RecordTable<AuditEntry>
        label={t('audit.title')}
        rows={{ ...query, data: query.data?.pages.flatMap(page => page.items) }}
        empty={{ title: t('audit.none'), text: t('audit.noneText') }}
        columns={[
          {
            key: 'at',
            title: t('audit.at'),
            render: ({ at }) => (
              <span className={css.at}>
                <Time at={at} as="moment" />
              </span>
            ),
          },
          { key: 'who', title: t('audit.who'), render: entry => <span dir="auto">{spell.who(entry)}</span> },
          {
            key: 'what',
            title: t('audit.what'),
            render: ({ action }) => <span title={action}>{spell.action(action)}</span>,
          },
          { key: 'object', title: t('audit.object'), render: ({ object }) => <About object={object} /> },
          {
            key: 'fields',
            title: t('audit.fields'),
            render: ({ fields }) => <span className={css.fields}>{fields.join(', ')}</span>,
          },
        ]}
      />
    </Page>
  )
}

function Filters({ search }: { search: AuditSearch }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const spell = useSpellEntry()
  const zone = useReaderZone()
  const staff = useStaff() ?? []
  const narrow = (change: AuditSearch) => void navigate({ to: '.', search: { ...search, ...change } })
  const { from, to } = search
  const midnightOf = (date: string, daysLater = 0) =>
    date ? midnightIn(zone, date, daysLater).toISOString() : undefined
  return (
    <div className={css.filters}>
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        className={css.filter}
        placeholder={t('audit.anyone')}
        aria-label={t('audit.who')}
        value={search.actorId}
        onChange={actorId => narrow({ actorId })}
        options={staff.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        className={css.wide}
        placeholder={t('audit.anything')}
        aria-label={t('audit.what')}
        value={search.action}
        onChange={action => narrow({ action })}
        options={actions.map(value => ({ value, label: spell.action(value) }))}
      />
      <Input
        allowClear
        key={search.object}
        className={css.filter}
        placeholder={t('audit.objectHint')}
        aria-label={t('audit.object')}
        defaultValue={search.object}
        onBlur={({ target }) => narrow({ object: target.value.trim() || undefined })}
        onPressEnter={({ currentTarget }) => narrow({ object: currentTarget.value.trim() || undefined })}
        onClear={() => narrow({ object: undefined })}
      />
      <span className={css.days}>
        <Input
          type="date"
          aria-label={t('audit.from')}
          value={from && dateIn(new Date(from), zone)}
          onChange={({ target }) => narrow({ from: midnightOf(target.value) })}
        />
        –
        <Input
          type="date"
          aria-label={t('audit.to')}
          value={to && dateIn(new Date(Date.parse(to) - 1), zone)}
          onChange={({ target }) => narrow({ to: midnightOf(target.value, 1) })}
        />
      </span>
    </div>
  )
}

/** Leads to what an entry is about, where the console has a page of it; else to all that is on record of it. */
function About({ object }: { object: string }) {
  const spell = useSpellEntry()
  const [noun = '', id] = object.split(':')
  const name = spell.noun(noun)
  if (!id) return name
  if (noun === 'customer')
    return (
      <Link to="/customers/$customerId" params={{ customerId: id }}>
        {name} <Id id={id} />
      </Link>
    )
  if (noun === 'conversation')
    return (
      <Link to="/inbox/$conversationId" params={{ conversationId: id }}>
        {name} <Id id={id} />
      </Link>
    )
  return (
    <Link to="/settings/audit" search={{ object }}>
      {name} <Id id={id} />
    </Link>
  )
}

/** The end of an id tells two apart; its beginning is the time. */
const Id = ({ id }: { id: string }) => (
  <span className={css.id} title={id}>
    {id.length > 12 ? `…${id.slice(-6)}` : id}
  </span>
)
