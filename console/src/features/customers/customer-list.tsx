import { PlusOutlined, SearchOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { CountrySelect, LanguageSelect } from '../../ui/choices.tsx'
import { LanguageTag } from '../../ui/language-tag.tsx'
import { Page } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { spellCountry } from '../../ui/spell.ts'
import { Tags } from '../../ui/tags.tsx'
import { Time } from '../../ui/time.tsx'
import { type CustomerRow, customerList, useCreateCustomer } from './api.ts'
import css from './customer-list.module.css'
import { useNameOf } from './name.ts'

export function CustomerList() {
  const { t, i18n } = useTranslation()
  const may = useMay()
  const navigate = useNavigate()
  const nameOf = useNameOf()
  const { search = '' } = useSearch({ from: '/shell/customers' })
  const [isCreating, setCreating] = useState(false)
  const query = useInfiniteQuery(customerList(search))
  const rows = query.data?.pages.flatMap(page => page.items)
  const open = ({ id }: { id: string }) =>
    navigate({ to: '/customers/$customerId', params: { customerId: id } })

  return (
    <Page
      width="wide"
      title={t('place.customers')}
      actions={
        <>
          <Input
            key={search}
            className={css.search}
            prefix={<SearchOutlined className="quiet" />}
            allowClear
            autoFocus
            defaultValue={search}
            placeholder={t('customer.search')}
            aria-label={t('customer.search')}
            onChange={event => event.target.value === '' && navigate({ to: '.', search: {}, replace: true })}
            onPressEnter={({ currentTarget: { value } }) =>
              navigate({ to: '.', search: value.trim() ? { search: value.trim() } : {}, replace: true })
            }
          />
          {may('customers:write') && (
            <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
              {t('customer.new')}
            </Button>
          )}
        </>
      }
    >
      <RecordTable<CustomerRow>
        label={t('place.customers')}
        rows={{ ...query, data: rows }}
        onOpen={open}
        empty={
          search
            ? { title: t('customer.noneFound', { search }) }
            : { title: t('customer.none'), text: t('customer.noneText') }
        }
        columns={[
          {
            key: 'name',
            title: t('customer.name'),
            render: row => (
              <span className={css.who}>
                <Avatar name={row.name} size={32} />
                <span className="strong" dir="auto">
                  {nameOf(row)}
                </span>
                {row.language && <LanguageTag code={row.language} />}
              </span>
            ),
          },
          {
            key: 'country',
            title: t('customer.country'),
            width: 150,
            render: row => row.country && spellCountry(row.country, i18n.language),
          },
          {
            key: 'email',
            title: t('identity.email'),
            width: 200,
            render: row => <span dir="ltr">{row.email}</span>,
          },
          {
            key: 'phone',
            title: t('identity.phone'),
            width: 170,
            render: row => <span dir="ltr">{row.phone}</span>,
          },
          { key: 'tags', title: t('context.tags'), render: row => <Tags items={row.tags} /> },
          {
            key: 'updated',
            title: t('customer.updated'),
            width: 110,
            align: 'right',
            render: row => <Time at={row.updatedAt} />,
          },
        ]}
      />
      <NewCustomer open={isCreating} onClose={() => setCreating(false)} onCreated={open} />
    </Page>
  )
}

type Values = { name: string; email?: string; phone?: string; language?: string; country?: string }

function NewCustomer({
  open,
  onClose,
  onCreated,
}: {
  open: boolean
  onClose: () => void
  onCreated: (made: { id: string }) => void
}) {
  const { t } = useTranslation()
  const create = useCreateCustomer()
  return (
    <RecordDrawer<Values>
      title={t('customer.new')}
      open={open}
      onClose={onClose}
      initial={{}}
      save={async ({ name, email, phone, language = null, country = null }) =>
        onCreated(
          await create.mutateAsync({
            ...{ name, language, country, email: email || undefined, phone: phone || undefined },
            ...{ zone: null, tags: [], customFields: {}, source: 'staff', legalBasis: null },
          }),
        )
      }
    >
      <Form.Item
        name="name"
        label={t('customer.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input autoFocus maxLength={300} />
      </Form.Item>
      <Form.Item
        name="email"
        label={t('identity.email')}
        rules={[{ type: 'email', message: t('form.email') }]}
      >
        <Input type="email" />
      </Form.Item>
      <Form.Item name="phone" label={t('identity.phone')} extra={t('customer.phoneHint')}>
        <Input type="tel" />
      </Form.Item>
      <Form.Item name="language" label={t('customer.language')}>
        <LanguageSelect allowClear />
      </Form.Item>
      <Form.Item name="country" label={t('customer.country')}>
        <CountrySelect allowClear />
      </Form.Item>
    </RecordDrawer>
  )
}
