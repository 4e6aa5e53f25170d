import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { RemoveButton } from '../../ui/remove-button.tsx'
import {
  categories,
  type StatusLabel,
  statusLabels,
  useRemoveStatusLabel,
  useSaveStatusLabel,
} from './api.ts'

/** The company's own words within the fixed categories; it is the category that drives the clocks. */
export function StatusLabelList() {
  const { t } = useTranslation()
  const query = useQuery(statusLabels())
  const [opened, setOpened] = useState<StatusLabel | 'new' | null>(null)
  const sorted = query.data?.items.toSorted(
    (a, b) => categories.indexOf(a.category) - categories.indexOf(b.category) || a.position - b.position,
  )
  return (
    <Page
      title={t('statusLabel.title')}
      about={t('statusLabel.about')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
          {t('statusLabel.new')}
        </Button>
      }
    >
      <RecordTable<StatusLabel>
        label={t('statusLabel.title')}
        rows={{ ...query, data: sorted }}
        onOpen={setOpened}
        empty={{ title: t('statusLabel.none'), text: t('statusLabel.noneText') }}
        columns={[
          {
            key: 'category',
            title: t('statusLabel.category'),
            width: 220,
            render: ({ category }) => t(`status.${category}`),
          },
          {
            key: 'name',
            title: t('statusLabel.name'),
            render: ({ name }) => <span className="strong">{name}</span>,
          },
        ]}
      />
      {opened && (
        <StatusLabelForm label={opened === 'new' ? undefined : opened} onClose={() => setOpened(null)} />
      )}
    </Page>
  )
}

function StatusLabelForm({ label, onClose }: { label: StatusLabel | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const save = useSaveStatusLabel(label?.id)
  const remove = useRemoveStatusLabel()
  return (
    <RecordDrawer<Pick<StatusLabel, 'name' | 'category' | 'position'>>
      title={label?.name ?? t('statusLabel.new')}
      open
      onClose={onClose}
      initial={label ?? { category: 'open', position: 0 }}
      save={values => save.mutateAsync(values)}
      extra={
        label && (
          <RemoveButton
            ask={t('statusLabel.removeAsk', { name: label.name })}
            id={label.id}
            remove={remove}
            onDone={onClose}
          />
        )
      }
    >
      <Form.Item name="category" label={t('statusLabel.category')}>
        <Select
          disabled={Boolean(label)}
          options={categories.map(value => ({ value, label: t(`status.${value}`) }))}
        />
      </Form.Item>
      <Form.Item
        name="name"
        label={t('statusLabel.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input autoFocus maxLength={60} />
      </Form.Item>
      <Form.Item name="position" label={t('statusLabel.position')}>
        <InputNumber min={0} max={1_000} />
      </Form.Item>
    </RecordDrawer>
  )
}
