import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { CountrySelect, LanguageSelect, ZoneSelect } from '../../ui/choices.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { type Customer, useCustomerChanges } from './api.ts'

type Values = { name: string; language?: string | null; country?: string | null; zone?: string | null }

export function CustomerForm({ who, onClose }: { who: Customer; onClose: () => void }) {
  const { t } = useTranslation()
  const { change } = useCustomerChanges(who.id)
  const { name, language, country, zone, version } = who
  return (
    <RecordDrawer<Values>
      title={t('customer.edit')}
      open
      onClose={onClose}
      initial={{ name, language, country, zone }}
      save={values =>
        change.mutateAsync({
          ...{ version, source: 'staff', legalBasis: null, name: values.name },
          ...{
            language: values.language ?? null,
            country: values.country ?? null,
            zone: values.zone ?? null,
          },
        })
      }
    >
      <Form.Item name="name" label={t('customer.name')}>
        <Input autoFocus maxLength={300} dir="auto" />
      </Form.Item>
      <Form.Item name="language" label={t('customer.language')} extra={t('customer.languageHint')}>
        <LanguageSelect allowClear />
      </Form.Item>
      <Form.Item name="country" label={t('customer.country')}>
        <CountrySelect allowClear />
      </Form.Item>
      <Form.Item name="zone" label={t('store.zone')} extra={t('customer.zoneHint')}>
        <ZoneSelect allowClear />
      </Form.Item>
    </RecordDrawer>
  )
}
