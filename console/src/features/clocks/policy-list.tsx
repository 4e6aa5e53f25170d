import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { Time } from '../../ui/time.tsx'
import { storeList } from '../settings/api.ts'
import { type ClockPolicy, policyList } from './api.ts'
import css from './clocks.module.css'
import { PolicyForm } from './policy-form.tsx'
import { SpelledWindow } from './spelled-window.tsx'

export function PolicyList() {
  const { t } = useTranslation()
  const may = useMay()
  const query = useQuery(policyList())
  const stores = useQuery(storeList()).data?.items
  const [opened, setOpened] = useState<ClockPolicy | 'new' | null>(null)
  const [hasEarlier, setEarlier] = useState(false)
  const mayManage = may('clocks:manage')
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
            render: ({ name, isStale }) => (
              <>
                <span className="strong">{name}</span>
                {isStale && <span className={css.stale}>{t('clockPolicy.stale')}</span>}
              </>
            ),
          },
          { key: 'kind', title: t('clockPolicy.kind'), render: ({ kind }) => t(`clock.kind.${kind}`) },
          {
            key: 'window',
            title: t('clockPolicy.window'),
            align: 'right',
            render: ({ windowSeconds }) => <SpelledWindow seconds={windowSeconds} />,
          },
          {
            key: 'calendar',
            title: t('clockPolicy.calendar'),
            render: ({ calendar }) => t(`clockPolicy.calendarOf.${calendar}`),
          },
          {
            key: 'channel',
            title: t('inbound.channel'),
            render: ({ channelKind }) => t(`channel.kind.${channelKind as 'api'}`),
          },
          {
            key: 'store',
            title: t('channel.store'),
            render: ({ storeId }) => stores?.find(({ id }) => id === storeId)?.name ?? t('staff.allStores'),
          },
          {
            key: 'warnAt',
            title: t('clockPolicy.warnAt'),
            render: ({ warnAt }) =>
              warnAt.map(part => t('clockPolicy.percent', { value: Math.round(part * 100) })).join(', '),
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
