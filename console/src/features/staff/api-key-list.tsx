import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal, Popconfirm, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Once } from '../../ui/once.tsx'
import { Page } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Time } from '../../ui/time.tsx'
import { storeList } from '../settings/api.ts'
import { type ApiKey, apiKeyList, roleList, useCreateApiKey, useRevokeApiKey } from './api.ts'

export function ApiKeyList() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const query = useQuery(apiKeyList())
  const revoke = useRevokeApiKey()
  const [isMaking, setMaking] = useState(false)
  const [made, setMade] = useState<string | null>(null)
  return (
    <Page
      title={t('apiKey.title')}
      about={t('apiKey.about')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setMaking(true)}>
          {t('apiKey.new')}
        </Button>
      }
    >
      <RecordTable<ApiKey>
        label={t('apiKey.title')}
        rows={{ ...query, data: query.data?.items }}
        empty={{ title: t('apiKey.none'), text: t('apiKey.noneText') }}
        columns={[
          {
            key: 'name',
            title: t('apiKey.name'),
            render: ({ name }) => <span className="strong">{name}</span>,
          },
          {
            key: 'prefix',
            title: t('apiKey.prefix'),
            render: ({ prefix }) => <span className="mono">{prefix}…</span>,
          },
          { key: 'role', title: t('staff.role'), render: ({ roleName }) => roleName },
          {
            key: 'created',
            title: t('apiKey.created'),
            render: ({ createdAt }) => <Time at={createdAt} as="date" />,
          },
          {
            key: 'used',
            title: t('apiKey.lastUsed'),
            render: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : t('apiKey.neverUsed')),
          },
          {
            key: 'revoke',
            title: '',
            align: 'right',
            render: ({ id, name }) => (
              <Popconfirm
                title={t('apiKey.revokeAsk', { name })}
                okText={t('apiKey.revoke')}
                onConfirm={() => revoke.mutate(id, { onError: error => void message.error(spell(error)) })}
              >
                <Button size="small" type="text" danger>
                  {t('apiKey.revoke')}
                </Button>
              </Popconfirm>
            ),
          },
        ]}
      />
      <ApiKeyForm open={isMaking} onClose={() => setMaking(false)} onMade={setMade} />
      <Modal
        open={made !== null}
        title={t('apiKey.made')}
        footer={null}
        mask={{ closable: false }}
        onCancel={() => setMade(null)}
        width={600}
        destroyOnHidden
      >
        {made && <Once secret={made} about={t('apiKey.madeAbout')} />}
      </Modal>
    </Page>
  )
}

type Values = { name: string; roleId: string; storeIds?: string[] }

function ApiKeyForm({
  open,
  onClose,
  onMade,
}: {
  open: boolean
  onClose: () => void
  onMade: (key: string) => void
}) {
  const { t } = useTranslation()
  const create = useCreateApiKey()
  const roles = useQuery(roleList()).data?.items ?? []
  const stores = useQuery(storeList()).data?.items ?? []
  return (
    <RecordDrawer<Values>
      title={t('apiKey.new')}
      open={open}
      onClose={onClose}
      initial={{}}
      submit={t('apiKey.make')}
      save={async ({ name, roleId, storeIds = [] }) =>
        onMade((await create.mutateAsync({ name, roleId, storeIds: storeIds.length ? storeIds : null })).key)
      }
    >
      <Form.Item
        name="name"
        label={t('apiKey.name')}
        extra={t('apiKey.nameHint')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input autoFocus maxLength={80} />
      </Form.Item>
      <Form.Item
        name="roleId"
        label={t('staff.role')}
        extra={t('apiKey.roleHint')}
        rules={[{ required: true, message: t('form.required') }]}
      >
        <Select options={roles.map(role => ({ value: role.id, label: role.name }))} />
      </Form.Item>
      <Form.Item name="storeIds" label={t('store.title')}>
        <Select
          mode="multiple"
          placeholder={t('staff.allStores')}
          options={stores.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
    </RecordDrawer>
  )
}
