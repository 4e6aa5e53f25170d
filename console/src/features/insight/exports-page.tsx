import { DownloadOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { spellNumber, spellSize } from '../../ui/spell.ts'
import { NoPermission } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { savedViews } from '../conversations/saved-views/api.ts'
import { type DataExport, exportList, useExport } from './api.ts'

/** What one took out of the house, how far it is, and the file as long as it is there. */
export function ExportsPage() {
  const { t, i18n } = useTranslation()
  const may = useMay()
  const spell = useRefusal()
  const list = useQuery({ ...exportList(), enabled: may('insight:export') })
  if (!may('insight:export')) return <NoPermission />
  const state = ({ state, reason, isCut, rowsDone }: DataExport) => {
    const rows = t('export.rows', { n: spellNumber(rowsDone, i18n.language) })
    if (state === 'failed')
      return t('export.failed', { why: t(`refusal.${reason as 'unknown'}`, { defaultValue: spell(null) }) })
    if (state === 'done') return isCut ? t('export.isCut', { rows }) : rows
    return state === 'working' ? `${t('export.state.working')} · ${rows}` : t(`export.state.${state}`)
  }
  return (
    <Page width="wide" title={t('export.title')} about={t('export.about')} actions={<ViewExport />}>
      <RecordTable<DataExport>
        label={t('export.title')}
        rows={list}
        empty={{ title: t('export.none'), text: t('export.noneText') }}
        dim={({ state }) => state === 'expired' || state === 'failed'}
        columns={[
          { key: 'kind', title: t('export.what'), render: ({ kind }) => t(`export.kind.${kind}`) },
          {
            key: 'name',
            title: t('export.file'),
            render: ({ name }) => <span className="small">{name}</span>,
          },
          {
            key: 'at',
            title: t('export.asked'),
            render: ({ createdAt }) => <Time at={createdAt} as="moment" />,
          },
          { key: 'state', title: t('export.howFar'), render: state },
          {
            key: 'until',
            title: t('export.until'),
            render: ({ state, expiresAt }) =>
              state === 'done' && expiresAt ? <Time at={expiresAt} as="moment" /> : '–',
          },
          {
            key: 'file',
            title: '',
            align: 'right',
            render: ({ url, size }) =>
              url && (
                <Button size="small" icon={<DownloadOutlined />} href={url}>
                  {spellSize(size ?? 0, i18n.language)}
                </Button>
              ),
          },
        ]}
      />
    </Page>
  )
}

function ViewExport() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useMay()
  const spell = useRefusal()
  const order = useExport()
  const [savedViewId, choose] = useState<string>()
  const views = useQuery({ ...savedViews(), enabled: may('conversations:read') }).data ?? []
  if (views.length === 0) return null
  const take = (format: 'csv' | 'xlsx') =>
    savedViewId &&
    order.mutate(
      { matter: { kind: 'view', savedViewId }, format },
      { onError: error => message.error(spell(error)) },
    )
  return (
    <>
      <Select
        style={{ width: 220 }}
        placeholder={t('export.chooseView')}
        value={savedViewId}
        onChange={choose}
        options={views.map(({ id, name }) => ({ value: id, label: name }))}
      />
      {(['xlsx', 'csv'] as const).map(format => (
        <Button key={format} disabled={!savedViewId} loading={order.isPending} onClick={() => take(format)}>
          {format.toUpperCase()}
        </Button>
      ))}
    </>
  )
}
