import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { Page } from '../../../ui/page.tsx'
import { RecordTable } from '../../../ui/record-table.tsx'
import { Time } from '../../../ui/time.tsx'
import { useNameOf } from '../name.ts'
import { type BlockedSender, blockedSenders } from './api.ts'
import css from './blocked-senders.module.css'
import { UnblockDialog } from './unblock-dialog.tsx'

/** Everybody who is blocked in the whole company, with who did it, when, and what came since. */
export function BlockedSenderList() {
  const { t } = useTranslation()
  const may = useMay()
  const nameOf = useNameOf()
  const query = useInfiniteQuery(blockedSenders())
  const [unblocking, setUnblocking] = useState<string | null>(null)
  return (
    <Page width="wide" title={t('blocked.title')} about={t('blocked.listAbout')}>
      <RecordTable<BlockedSender>
        label={t('blocked.title')}
        rows={{ ...query, data: query.data?.pages.flatMap(page => page.items) }}
        empty={{ title: t('blocked.none'), text: t('blocked.noneText') }}
        columns={[
          {
            key: 'sender',
            title: t('blocked.sender'),
            render: ({ kind, display }) => (
              <span className={`cut ${css.who}`}>
                <bdi>{display || t(`identity.${kind as 'visitor'}`)}</bdi>{' '}
                {display && <span className="quiet small">{t(`identity.${kind as 'email'}`)}</span>}
              </span>
            ),
          },
          {
            key: 'customer',
            title: t('blocked.customer'),
            render: ({ customer }) => (
              <Link to="/customers/$customerId" params={{ customerId: customer.id }}>
                <span dir="auto">{nameOf(customer)}</span>
              </Link>
            ),
          },
          {
            key: 'at',
            title: t('blocked.since'),
            render: ({ blockedAt }) => <Time at={blockedAt} as="moment" />,
          },
          {
            key: 'by',
            title: t('blocked.byTitle'),
            render: ({ blockedBy }) => blockedBy?.name ?? <span className="quiet">{t('blocked.robot')}</span>,
          },
          {
            key: 'kept',
            title: t('blocked.kept'),
            align: 'right',
            render: ({ kept }) => kept,
          },
          {
            key: 'act',
            title: '',
            align: 'right',
            render: ({ id }) =>
              may('conversations:reply') && (
                <Button size="small" onClick={() => setUnblocking(id)}>
                  {t('blocked.unblockMore')}
                </Button>
              ),
          },
        ]}
      />
      {unblocking && <UnblockDialog id={unblocking} onClose={() => setUnblocking(null)} />}
    </Page>
  )
}
