import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { App, Button, Popconfirm, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Time } from '../../ui/time.tsx'
import { channelList, type Delivery, type DeliveryState, deliveryList, useReplay } from './api.ts'
import css from './channels.module.css'

const states: DeliveryState[] = ['dead', 'uncertain', 'refused', 'pending', 'leased', 'done']
const colour: Partial<Record<DeliveryState, string>> = {
  dead: css.parked,
  refused: css.parked,
  uncertain: css.uncertain,
  done: css.done,
}

/** What went out, and what did not: dead letters and uncertain ones wait here for a person's word. */
export function DeliveryList() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { state } = useSearch({ from: '/shell/settings/deliveries' })
  const query = useInfiniteQuery(deliveryList({ state }))
  const channels = useQuery(channelList()).data?.items
  return (
    <Page
      width="wide"
      title={t('deliveries.title')}
      about={t('deliveries.about')}
      actions={
        <Select
          allowClear
          className={css.filter}
          placeholder={t('inbound.anyState')}
          aria-label={t('inbound.state')}
          value={state}
          onChange={next => navigate({ to: '.', search: next ? { state: next } : {} })}
          options={states.map(value => ({ value, label: t(`deliveries.stateOf.${value}`) }))}
        />
      }
    >
      <RecordTable<Delivery>
        label={t('deliveries.title')}
        rows={{ ...query, data: query.data?.pages.flatMap(page => page.items) }}
        empty={
          state
            ? { title: t('deliveries.noneOfState') }
            : { title: t('deliveries.none'), text: t('deliveries.noneText') }
        }
        columns={[
          {
            key: 'at',
            title: t('deliveries.createdAt'),
            render: ({ createdAt }) => <Time at={createdAt} as="moment" />,
          },
          {
            key: 'channel',
            title: t('inbound.channel'),
            render: ({ channelId }) => channels?.find(({ id }) => id === channelId)?.name,
          },
          { key: 'to', title: t('deliveries.to'), render: ({ to }) => <span dir="ltr">{to}</span> },
          {
            key: 'text',
            title: t('deliveries.text'),
            render: ({ text, conversationId }) => (
              <Link
                to="/inbox/$conversationId"
                params={{ conversationId }}
                search={{ view: 'all' }}
                className={`cut ${css.text}`}
                dir="auto"
              >
                {text}
              </Link>
            ),
          },
          {
            key: 'state',
            title: t('inbound.state'),
            render: ({ state, reason }) => (
              <span className={colour[state]} title={reason ?? undefined}>
                {t(`deliveries.stateOf.${state}`)}
                {reason && <span className="quiet small"> {reason}</span>}
              </span>
            ),
          },
          {
            key: 'attempts',
            title: t('inbound.attempts'),
            align: 'right',
            render: ({ attempts }) => attempts,
          },
          { key: 'replay', title: '', align: 'right', render: delivery => <Replay delivery={delivery} /> },
        ]}
      />
    </Page>
  )
}

function Replay({ delivery: { id, state } }: { delivery: Delivery }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const replay = useReplay()
  const act = () => replay.mutate(id, { onError: error => void message.error(spell(error)) })
  const button = (onClick?: () => void) => (
    <Button size="small" loading={replay.isPending} onClick={onClick}>
      {t('deliveries.replay')}
    </Button>
  )
  if (state === 'uncertain')
    return (
      <Popconfirm title={t('deliveries.uncertainAsk')} okText={t('deliveries.replay')} onConfirm={act}>
        {button()}
      </Popconfirm>
    )
  return state === 'dead' || state === 'refused' ? button(act) : null
}
