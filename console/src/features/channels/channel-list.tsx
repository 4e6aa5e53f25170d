import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { Time } from '../../ui/time.tsx'
import { storeList } from '../settings/api.ts'
import { type Channel, channelList, useCreateChannel } from './api.ts'

export function ChannelList() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const query = useQuery(channelList())
  const stores = useQuery(storeList()).data?.items
  const [isCreating, setCreating] = useState(false)
  const open = ({ id }: { id: string }) =>
    navigate({ to: '/settings/channels/$channelId', params: { channelId: id } })
  return (
    <Page
      title={t('channel.title')}
      about={t('channel.about')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
          {t('channel.new')}
        </Button>
      }
    >
      <RecordTable<Channel>
        label={t('channel.title')}
        rows={{ ...query, data: query.data?.items }}
        onOpen={open}
        dim={({ active }) => !active}
        empty={{ title: t('channel.none'), text: t('channel.noneText') }}
        columns={[
          {
            key: 'name',
            title: t('channel.name'),
            render: ({ name }) => <span className="strong">{name}</span>,
          },
          { key: 'kind', title: t('channel.kindTitle'), render: ({ kind }) => t(`channel.kind.${kind}`) },
          {
            key: 'store',
            title: t('channel.store'),
            render: ({ storeId }) => stores?.find(({ id }) => id === storeId)?.name,
          },
          {
            key: 'state',
            title: t('channel.state'),
            render: ({ active }) => t(active ? 'channel.on' : 'channel.off'),
          },
          {
            key: 'created',
            title: t('channel.created'),
            align: 'right',
            render: ({ createdAt }) => <Time at={createdAt} as="date" />,
          },
        ]}
      />
      <NewChannel open={isCreating} onClose={() => setCreating(false)} onCreated={open} />
    </Page>
  )
}

type Values = { kind: Channel['kind']; storeId: string; name: string }

function NewChannel({
  open,
  onClose,
  onCreated,
}: {
  open: boolean
  onClose: () => void
  onCreated: (made: Channel) => void
}) {
  const { t } = useTranslation()
  const create = useCreateChannel()
  const stores = useQuery(storeList()).data?.items ?? []
  return (
    <RecordDrawer<Values>
      title={t('channel.new')}
      open={open}
      onClose={onClose}
      initial={{ kind: 'web_chat', storeId: stores[0]?.id }}
      save={async values =>
        onCreated(
          await create.mutateAsync({ ...values, settings: {} } as Parameters<typeof create.mutateAsync>[0]),
        )
      }
    >
      <Form.Item name="kind" label={t('channel.kindTitle')}>
        <Select
          options={(['web_chat', 'mail', 'api'] as const).map(value => ({
            value,
            label: t(`channel.kind.${value}`),
          }))}
        />
      </Form.Item>
      <Form.Item
        name="storeId"
        label={t('channel.store')}
        rules={[{ required: true, message: t('form.required') }]}
      >
        <Select options={stores.map(({ id, name }) => ({ value: id, label: name }))} />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('channel.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input autoFocus maxLength={100} />
      </Form.Item>
    </RecordDrawer>
  )
}
