import { useQuery } from '@tanstack/react-query'
import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { storeList } from '../settings/api.ts'
import { permissionList, roleList, useCreateApiKey } from './api.ts'

type Values = {
  name: string
  roleId: string
  permissions?: string[]
  storeIds?: string[]
  networks?: string[]
  expires?: string
}

type Props = { open: boolean; onClose: () => void; onMade: (key: string) => void }

/** What a key may do: its role, or some of it; where, from where and for how long. */
export function ApiKeyForm({ open, onClose, onMade }: Props) {
  const { t, i18n } = useTranslation()
  const create = useCreateApiKey()
  const [form] = Form.useForm<Values>()
  const roles = useQuery(roleList()).data?.items ?? []
  const permissions = useQuery(permissionList()).data?.items ?? []
  const stores = useQuery(storeList()).data?.items ?? []
  const chosen = Form.useWatch('roleId', form)
  const held = roles.find(({ id }) => id === chosen)?.permissions ?? []
  const choosable = permissions.filter(({ code }) => held.includes('*') || held.includes(code))

  async function save({ name, roleId, permissions = [], storeIds = [], networks = [], expires }: Values) {
    const { key } = await create.mutateAsync({
      ...{ name, roleId, networks },
      permissions: permissions.length ? permissions : null,
      storeIds: storeIds.length ? storeIds : null,
      ...(expires && { expiresAt: new Date(`${expires}T23:59:59`).toISOString() }),
    })
    onMade(key)
  }

  return (
    <RecordDrawer<Values>
      title={t('apiKey.new')}
      form={form}
      open={open}
      onClose={onClose}
      initial={{}}
      submit={t('apiKey.make')}
      save={save}
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
        <Select
          options={roles.map(role => ({ value: role.id, label: role.name }))}
          onChange={() => form.setFieldValue('permissions', [])}
        />
      </Form.Item>
      <Form.Item name="permissions" label={t('keyScope.permissions')}>
        <Select
          mode="multiple"
          disabled={!chosen}
          showSearch={{ optionFilterProp: 'label' }}
          placeholder={t('keyScope.permissionsAll')}
          options={choosable.map(({ code, zh, en }) => ({
            value: code,
            label: i18n.language === 'zh' ? zh : en,
          }))}
        />
      </Form.Item>
      <Form.Item name="storeIds" label={t('store.title')}>
        <Select
          mode="multiple"
          placeholder={t('staff.allStores')}
          options={stores.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item name="networks" label={t('keyScope.networks')} extra={t('keyScope.networksHint')}>
        <Select
          mode="tags"
          open={false}
          suffixIcon={null}
          tokenSeparators={[',', '，', ' ']}
          placeholder={t('keyScope.networksAll')}
        />
      </Form.Item>
      <Form.Item name="expires" label={`${t('keyScope.expires')} (${t('form.optional')})`}>
        <Input type="date" min={new Date().toISOString().slice(0, 10)} />
      </Form.Item>
    </RecordDrawer>
  )
}
