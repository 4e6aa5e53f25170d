import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../../ui/page.tsx'
import { RecordDrawer } from '../../../ui/record-form.tsx'
import { RecordTable } from '../../../ui/record-table.tsx'
import { storeList } from '../../settings/api.ts'
import { contactReasons, useSpellReason } from '../reasons/api.ts'
import { type NewOwnField, type OwnField, ownFields, useNameOfField, useSaveOwnField } from './api.ts'

const types = ['text', 'number', 'choice', 'date', 'boolean'] as const
const kinds = ['web_chat', 'mail', 'api'] as const
const noFields: OwnField[] = []

export function OwnFieldList() {
  const { t } = useTranslation()
  const nameOf = useNameOfField()
  const query = useQuery(ownFields())
  const [opened, setOpened] = useState<OwnField | 'new' | null>(null)
  return (
    <Page
      width="wide"
      title={t('ownField.title')}
      about={t('ownField.about')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
          {t('ownField.new')}
        </Button>
      }
    >
      <RecordTable<OwnField>
        label={t('ownField.title')}
        rows={{ ...query, data: query.data?.items ?? noFields }}
        onOpen={setOpened}
        empty={{ title: t('ownField.none'), text: t('ownField.noneText') }}
        columns={[
          {
            key: 'name',
            title: t('ownField.name'),
            render: field => <span className={field.isActive ? 'strong' : 'quiet'}>{nameOf(field)}</span>,
          },
          { key: 'key', title: t('ownField.key'), render: ({ key }) => <span className="mono">{key}</span> },
          { key: 'type', title: t('ownField.type'), render: ({ type }) => t(`ownField.typeOf.${type}`) },
          {
            key: 'required',
            title: t('ownField.isRequired'),
            render: ({ isRequired }) => (isRequired ? t('ownField.required') : ''),
          },
        ]}
      />
      {opened && (
        <OwnFieldForm field={opened === 'new' ? undefined : opened} onClose={() => setOpened(null)} />
      )}
    </Page>
  )
}

type Values = NewOwnField & { isActive: boolean }

function OwnFieldForm({ field, onClose }: { field: OwnField | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const nameOf = useNameOfField()
  const { nameOf: nameOfReason } = useSpellReason()
  const save = useSaveOwnField(field)
  const stores = useQuery(storeList()).data?.items ?? []
  const groups = (useQuery(contactReasons()).data?.items ?? []).filter(({ groupCode }) => groupCode === null)
  const [form] = Form.useForm<Values>()
  const type = Form.useWatch('type', form)
  const required = [{ required: true, whitespace: true, message: t('form.required') }]
  return (
    <RecordDrawer<Values>
      form={form}
      title={field ? nameOf(field) : t('ownField.new')}
      open
      onClose={onClose}
      initial={field ?? { type: 'text', isActive: true }}
      save={({ storeId = null, choices = [], ...values }) =>
        save.mutateAsync({ ...values, storeId, choices: values.type === 'choice' ? choices : [] })
      }
    >
      <Form.Item name="nameZh" label={t('ownField.nameZh')} rules={required}>
        <Input autoFocus maxLength={100} />
      </Form.Item>
      <Form.Item name="nameEn" label={t('ownField.nameEn')} rules={required}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item
        name="key"
        label={t('ownField.key')}
        extra={t('ownField.keyHint')}
        rules={[{ required: true, pattern: /^[a-z][a-z0-9_]{0,39}$/, message: t('ownField.keyRule') }]}
      >
        <Input disabled={Boolean(field)} />
      </Form.Item>
      <Form.Item name="type" label={t('ownField.type')}>
        <Select
          disabled={Boolean(field)}
          options={types.map(value => ({ value, label: t(`ownField.typeOf.${value}`) }))}
        />
      </Form.Item>
      {type === 'choice' && (
        <Form.Item
          name="choices"
          label={t('ownField.choices')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，']} />
        </Form.Item>
      )}
      <Form.Item
        name="isRequired"
        label={t('ownField.isRequired')}
        extra={t('ownField.requiredHint')}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
      <Form.Item name="reasonGroups" label={t('ownField.reasonGroups')}>
        <Select
          mode="multiple"
          placeholder={t('ownField.all')}
          options={groups.map(group => ({ value: group.code, label: nameOfReason(group) }))}
        />
      </Form.Item>
      <Form.Item name="channelKinds" label={t('ownField.channelKinds')}>
        <Select
          mode="multiple"
          placeholder={t('ownField.all')}
          options={kinds.map(value => ({ value, label: t(`channel.kind.${value}`) }))}
        />
      </Form.Item>
      <Form.Item name="storeId" label={t('channel.store')}>
        <Select
          allowClear
          placeholder={t('staff.allStores')}
          options={stores.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Form.Item>
      <Form.Item name="position" label={t('reason.position')}>
        <InputNumber min={0} max={100_000} />
      </Form.Item>
      {field && (
        <Form.Item name="isActive" label={t('reason.isActive')} valuePropName="checked">
          <Switch />
        </Form.Item>
      )}
    </RecordDrawer>
  )
}
