import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { Time } from '../../ui/time.tsx'
import { storeList } from '../settings/api.ts'
import { type ClockPolicy, policyList } from './api.ts'
import css from './clocks.module.css'
import { useNameOfChannel, useNameOfPolicy } from './naming.ts'
import { PolicyForm } from './policy-form.tsx'
import { SpelledWindow } from './spelled-window.tsx'

export function PolicyList() {
  const { t } = useTranslation()
  const may = useMay()
  const query = useQuery(policyList())
  const stores = useQuery(storeList()).data?.items
  const [opened, setOpened] = useState<ClockPolicy | 'new' | null>(null)
  const [hasEarlier, setEarlier] = useState(false)
  const nameOf = useNameOfPolicy()
  const nameOfChannel = useNameOfChannel()
  const mayManage = may('clocks:manage')
  const stale = query.data?.items.filter(policy => policy.isStale && policy.effectiveTo === null).length ?? 0
  const open = mayManage
    ? (policy: ClockPolicy) => policy.effectiveTo === null && setOpened(policy)
    : undefined
  return (
    <Page
      width="wide"
      title={t('clockPolicy.title')}
      about={t('clockPolicy.about')}
      actions={
        <>
          <Checkbox checked={hasEarlier} onChange={event => setEarlier(event.target.checked)}>
            {t('clockPolicy.earlier')}
          </Checkbox>
          {mayManage && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
              {t('clockPolicy.new')}
            </Button>
          )}
        </>
      }
    >
      {mayManage && stale > 0 && (
        <Alert
          className={css.banner}
          type="warning"
          showIcon
          title={t('clockPolicy.staleTitle', { count: stale })}
          description={t('clockPolicy.staleText')}
        />
      )}
      <RecordTable<ClockPolicy>
        label={t('clockPolicy.title')}
        rows={{
          ...query,
          data: query.data?.items.filter(({ effectiveTo }) => hasEarlier || effectiveTo === null),
        }}
        onOpen={open}
        dim={({ effectiveTo }) => effectiveTo !== null}
        empty={{ title: t('clockPolicy.none') }}
        columns={[
          {
            key: 'name',
            title: t('clockPolicy.name'),
            render: policy => (
              <>
                <span className="strong">{nameOf(policy)}</span>
                {policy.isStale && <span className={css.stale}>{t('clockPolicy.stale')}</span>}
                {policy.neverOpens && <span className={css.stale}>{t('clockPolicy.neverOpens')}</span>}
              </>
            ),
          },
          { key: 'kind', title: t('clockPolicy.kind'), render: ({ kind }) => t(`clock.kind.${kind}`) },
          {
            key: 'window',
            title: t('clockPolicy.window'),
            align: 'right',
            render: ({ window }) => (
              <span className={css.short}>
                <SpelledWindow window={window} />
              </span>
            ),
          },
          {
            key: 'calendar',
            title: t('clockPolicy.calendar'),
            render: ({ calendar }) => t(`clockPolicy.calendarOf.${calendar}`),
          },
          {
            key: 'channel',
            title: t('clockPolicy.channel'),
            render: ({ channel, sites }) => (
              <>
                {nameOfChannel(channel)}
                {sites.length > 0 && <span className="quiet small"> {sites.join(', ')}</span>}
              </>
            ),
          },
          {
            key: 'store',
            title: t('channel.store'),
            render: ({ storeId }) => stores?.find(({ id }) => id === storeId)?.name ?? t('staff.allStores'),
          },
          {
            key: 'source',
            title: t('clockPolicy.source'),
            render: ({ source, sourceUrl, verifiedAt }) => (
              <span className={css.source} title={source}>
                {sourceUrl ? (
                  <a
                    href={sourceUrl}
                    target="_blank"
                    rel="noreferrer"
                    onClick={event => event.stopPropagation()}
                  >
                    {source}
                  </a>
                ) : (
                  source
                )}
                <span className="quiet small"> {verifiedAt}</span>
              </span>
            ),
          },
          {
            key: 'version',
            title: t('clockPolicy.version'),
            render: ({ version, effectiveFrom }) => (
              <>
                {version}
                {Date.parse(effectiveFrom) > 0 && (
                  <span className="quiet small">
                    {' '}
                    <Time at={effectiveFrom} as="date" />
                  </span>
                )}
              </>
            ),
          },
        ]}
      />
      {opened && (
        <PolicyForm policy={opened === 'new' ? undefined : opened} onClose={() => setOpened(null)} />
      )}
    </Page>
  )
}
