import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Form, Modal, Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/avatar.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import { type Customer, customerList, useCustomerChanges } from './api.ts'
import { useNameOf } from './name.ts'

/** Two records of one person become one. It can be taken back, and the dialog says so. */
export function MergeDialog({ who, onClose }: { who: Customer; onClose: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const nameOf = useNameOf()
  const { mergeInto } = useCustomerChanges(who.id)
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed.trim())
  const { data, isFetching } = useInfiniteQuery({ ...customerList(search), enabled: search !== '' })
  const found =
    search === ''
      ? who.lookAlikes.map(({ id, name }) => ({ id, name, email: null, phone: null }))
      : (data?.pages[0]?.items ?? [])

  async function save({ intoId }: { intoId: string }) {
    await mergeInto.mutateAsync(intoId)
    await navigate({ to: '/customers/$customerId', params: { customerId: intoId } })
  }

  return (
    <Modal
      open
      title={t('customer.mergeTitle', { name: nameOf(who) })}
      footer={null}
      onCancel={onClose}
      width={480}
      destroyOnHidden
    >
      <RecordForm<{ intoId: string }>
        initial={{}}
        save={save}
        onSaved={onClose}
        onCancel={onClose}
        submit={t('customer.merge')}
      >
        <Form.Item
          name="intoId"
          label={t('customer.mergeInto')}
          extra={t('customer.mergeHint')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Select
            autoFocus
            showSearch={{ filterOption: false, onSearch: setTyped }}
            loading={isFetching}
            notFoundContent={search === '' ? t('customer.search') : t('composer.nothingFound')}
            options={found
              .filter(({ id }) => id !== who.id)
              .map(({ id, name, email, phone }) => ({
                value: id,
                label: (
                  <span className="row">
                    <Avatar name={name} size={24} />
                    <span dir="auto">{nameOf({ name })}</span>
                    <span className="quiet small">{email ?? phone}</span>
                  </span>
                ),
              }))}
          />
        </Form.Item>
      </RecordForm>
    </Modal>
  )
}
