import { useQuery } from '@tanstack/react-query'
import { App, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { ZoneSelect } from '../../ui/choices.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import { Failure, Skeleton } from '../../ui/states.tsx'
import { type Company, company, useChangeCompany } from './api.ts'

type Values = Pick<Company, 'name' | 'zone' | 'locale' | 'revealsPerHour'>

export function CompanyPage() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useMay()
  const { data, error, refetch } = useQuery(company())
  const change = useChangeCompany()
  if (error && !data) return <Failure error={error} retry={refetch} />
  return (
    <Page width="form" title={t('company.title')} about={t('company.about')}>
      {data ? (
        <Card>
          <RecordForm<Values>
            initial={data}
            save={({ name, zone, locale, revealsPerHour }) =>
              change.mutateAsync({ name, zone, locale, revealsPerHour })
            }
            onSaved={() => void message.success(t('action.saved'))}
            isReadOnly={!may('settings:manage')}
          >
            <Form.Item
              name="name"
              label={t('company.name')}
              rules={[{ required: true, whitespace: true, message: t('form.required') }]}
            >
              <Input maxLength={120} />
            </Form.Item>
            <Form.Item name="zone" label={t('store.zone')} extra={t('company.zoneHint')}>
              <ZoneSelect />
            </Form.Item>
            <Form.Item name="locale" label={t('company.locale')} extra={t('company.localeHint')}>
              <Select
                options={(['zh', 'en'] as const).map(value => ({ value, label: t(`brand.${value}`) }))}
              />
            </Form.Item>
            <Form.Item name="revealsPerHour" label={t('reveal.perHour')} extra={t('reveal.perHourHint')}>
              <InputNumber min={0} max={1_000} suffix={t('reveal.perHourUnit')} />
            </Form.Item>
          </RecordForm>
        </Card>
      ) : (
        <Skeleton />
      )}
    </Page>
  )
}
