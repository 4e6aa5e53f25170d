import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Drawer, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { Time } from '../../ui/time.tsx'
import { channelList, type InboundItem, type InboundState, inboundList } from './api.ts'
import css from './channels.module.css'
import { InboundItemFacts } from './inbound-item.tsx'
import { useInboundReason } from './inbound-reason.ts'

const states: InboundState[] = ['parked', 'received', 'done', 'ignored']

/** Everything that ever came in by mail or webhook, each with its outcome; what was set aside can be taken in again. */
export function InboundList() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { state, channel } = useSearch({ from: '/shell/settings/inbound' })
  const query = useInfiniteQuery(inboundList({ state, channelId: channel }))
  const spellReason = useInboundReason()
  const channels = useQuery(channelList()).data?.items
  const [opened, setOpened] = useState<number | null>(null)
  return (
    <Page
      width="wide"
      title={t('inbound.title')}
      about={t('inbound.about')}
      actions={
        <>
          <Select
            allowClear
            className={css.filter}
            placeholder={t('inbound.anyChannel')}
            aria-label={t('inbound.channel')}
            value={channels && channel}
            onChange={next => navigate({ to: '.', search: { state, channel: next } })}
            options={channels
              ?.filter(({ kind }) => kind !== 'web_chat')
              .map(({ id, name }) => ({ value: id, label: name }))}
          />
          <Select
            allowClear
            className={css.filter}
            placeholder={t('inbound.anyState')}
            aria-label={t('inbound.state')}
            value={state}
            onChange={next => navigate({ to: '.', search: { state: next, channel } })}
            options={states.map(value => ({ value, label: t(`inbound.stateOf.${value}`) }))}
          />
        </>
      }
    >
      <RecordTable<InboundItem>
        label={t('inbound.title')}
        rows={{ ...query, data: query.data?.pages.flatMap(page => page.items) }}
        rowKey={({ id }) => String(id)}
        onOpen={({ id }) => setOpened(id)}
        empty={
          state || channel
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
            key: 'line',
            title: t('inbound.line'),
            render: ({ line }) => <bdi className={`cut ${css.text}`}>{line}</bdi>,
          },
          {
            key: 'state',
            title: t('inbound.state'),
            render: ({ state }) => <span className={css[state]}>{t(`inbound.stateOf.${state}`)}</span>,
          },
          {
            key: 'reason',
            title: t('inbound.reason'),
            render: ({ reason }) => reason && <span title={reason}>{spellReason(reason)}</span>,
          },
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
        {opened !== null && <InboundItemFacts id={opened} />}
      </Drawer>
    </Page>
  )
}
