import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button, Drawer, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { spellSize } from '../../ui/spell.ts'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import {
  channelList,
  type InboundItem,
  type InboundState,
  inboundItem,
  inboundList,
  useRetryInbound,
} from './api.ts'
import css from './channels.module.css'

const states: InboundState[] = ['parked', 'received', 'done', 'ignored']

/** Everything that ever came in by webhook, each with its outcome; what was set aside can be taken in again. */
export function InboundList() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { state } = useSearch({ from: '/shell/settings/inbound' })
  const query = useInfiniteQuery(inboundList({ state }))
  const channels = useQuery(channelList()).data?.items
  const [opened, setOpened] = useState<number | null>(null)
  return (
    <Page
      width="wide"
      title={t('inbound.title')}
      about={t('inbound.about')}
      actions={
        <Select
          allowClear
          className={css.filter}
          placeholder={t('inbound.anyState')}
          aria-label={t('inbound.state')}
          value={state}
          onChange={next => navigate({ to: '.', search: next ? { state: next } : {} })}
          options={states.map(value => ({ value, label: t(`inbound.stateOf.${value}`) }))}
        />
      }
    >
      <RecordTable<InboundItem>
        label={t('inbound.title')}
        rows={{ ...query, data: query.data?.pages.flatMap(page => page.items) }}
        rowKey={({ id }) => String(id)}
        onOpen={({ id }) => setOpened(id)}
        empty={
          state
            ? { title: t('inbound.noneOfState') }
            : { title: t('inbound.none'), text: t('inbound.noneText') }
        }
        columns={[
          {
            key: 'at',
            title: t('inbound.receivedAt'),
            render: ({ receivedAt }) => <Time at={receivedAt} as="moment" />,
          },
          {
            key: 'channel',
            title: t('inbound.channel'),
            render: ({ channelId }) => channels?.find(({ id }) => id === channelId)?.name,
          },
          {
            key: 'externalId',
            title: t('inbound.externalId'),
            render: ({ externalId }) => <span className={`mono cut ${css.text}`}>{externalId}</span>,
          },
          {
            key: 'state',
            title: t('inbound.state'),
            render: ({ state }) => <span className={css[state]}>{t(`inbound.stateOf.${state}`)}</span>,
          },
          { key: 'reason', title: t('inbound.reason'), render: ({ reason }) => reason },
          {
            key: 'attempts',
            title: t('inbound.attempts'),
            align: 'right',
            render: ({ attempts }) => attempts,
          },
        ]}
      />
      <Drawer
        title={t('inbound.item')}
        open={opened !== null}
        onClose={() => setOpened(null)}
        size={640}
        destroyOnHidden
      >
        {opened !== null && <Item id={opened} />}
      </Drawer>
    </Page>
  )
}

function Item({ id }: { id: number }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const { data, error, refetch } = useQuery(inboundItem(id))
  const retry = useRetryInbound()
  if (error && !data) return <Failure error={error} retry={refetch} />
  if (!data) return <Skeleton />
  return (
    <>
      <dl className={css.facts}>
        <dt>{t('inbound.state')}</dt>
        <dd className={css[data.state]}>{t(`inbound.stateOf.${data.state}`)}</dd>
        <dt>{t('inbound.receivedAt')}</dt>
        <dd>
          <Time at={data.receivedAt} as="moment" />
        </dd>
        {data.reason && (
          <>
            <dt>{t('inbound.reason')}</dt>
            <dd>{data.reason}</dd>
          </>
        )}
        <dt>{t('inbound.externalId')}</dt>
        <dd className="mono">{data.externalId}</dd>
        {data.conversationId && (
          <>
            <dt>{t('inbound.became')}</dt>
            <dd>
              <Link
                to="/inbox/$conversationId"
                params={{ conversationId: data.conversationId }}
                search={{ view: 'all' }}
              >
                {t('timeline.aConversation')}
              </Link>
            </dd>
          </>
        )}
      </dl>
      {data.state === 'parked' && (
        <p className={css.acts}>
          <Button
            type="primary"
            loading={retry.isPending}
            onClick={() => retry.mutate(id, { onError: error => void message.error(spell(error)) })}
          >
            {t('action.retry')}
          </Button>
        </p>
      )}
      <h3>
        {t('inbound.raw')} <span className="quiet small">{spellSize(data.rawBytes, i18n.language)}</span>
      </h3>
      <pre className={css.raw}>{pretty(data.raw)}</pre>
    </>
  )
}

function pretty(raw: string) {
  try {
    return JSON.stringify(JSON.parse(raw), null, 2)
  } catch {
    return raw
  }
}
