import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { Tags } from '../../ui/tags.tsx'
import { type CustomField, customFields, useCreateCustomField } from './api.ts'

const types = ['text', 'number', 'date', 'choice'] as const

export function CustomFieldList() {
  const { t } = useTranslation()
  const query = useQuery(customFields())
  const [isCreating, setCreating] = useState(false)
  return (
    <Page
      title={t('customField.title')}
      about={t('customField.about')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
          {t('customField.new')}
        </Button>
      }
    >
      <RecordTable<CustomField>
        label={t('customField.title')}
        rows={{ ...query, data: query.data?.items }}
        empty={{ title: t('customField.none'), text: t('customField.noneText') }}
        columns={[
          {
            key: 'label',
            title: t('customField.label'),
            render: ({ label }) => <span className="strong">{label}</span>,
          },
          {
            key: 'key',
            title: t('customField.key'),
            render: ({ key }) => <span className="mono">{key}</span>,
          },
          {
            key: 'type',
            title: t('customField.type'),
            render: ({ type }) => t(`customField.typeOf.${type}`),
          },
          {
            key: 'choices',
            title: t('customField.choices'),
            render: ({ choices }) => <Tags items={choices} />,
          },
        ]}
      />
      <CustomFieldForm open={isCreating} onClose={() => setCreating(false)} />
    </Page>
  )
}

type Values = Pick<CustomField, 'label' | 'key' | 'type'> & { choices?: string[] }

function CustomFieldForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const create = useCreateCustomField()
  const [form] = Form.useForm<Values>()
  const type = Form.useWatch('type', form)
  return (
    <RecordDrawer<Values>
      form={form}
      title={t('customField.new')}
      open={open}
      onClose={onClose}
      initial={{ type: 'text' }}
      save={({ choices = [], ...values }) =>
        create.mutateAsync({ ...values, choices: values.type === 'choice' ? choices : [] })
      }
    >
      <Form.Item
        name="label"
        label={t('customField.label')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input autoFocus maxLength={100} />
      </Form.Item>
      <Form.Item
        name="key"
        label={t('customField.key')}
        extra={t('customField.keyHint')}
        rules={[{ required: true, pattern: /^[a-z][a-zA-Z0-9_]{0,49}$/, message: t('customField.keyRule') }]}
      >
        <Input />
      </Form.Item>
      <Form.Item name="type" label={t('customField.type')}>
        <Select options={types.map(value => ({ value, label: t(`customField.typeOf.${value}`) }))} />
      </Form.Item>
      {type === 'choice' && (
        <Form.Item
          name="choices"
          label={t('customField.choices')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，']} />
        </Form.Item>
      )}
    </RecordDrawer>
  )
}
