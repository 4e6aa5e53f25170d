import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, InputNumber, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { CurrencySelect } from '../../ui/choices.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import { Skeleton } from '../../ui/states.tsx'
import {
  type Provider,
  providerList,
  type TranslationSettings,
  translationSettings,
  useChangeSettings,
} from './api.ts'
import { CostList } from './cost-list.tsx'
import { microsOf, spellMicros, unitsOf } from './money.ts'
import { ProviderForm } from './provider-form.tsx'
import { ProviderList } from './provider-list.tsx'
import css from './translation.module.css'

export function TranslationPage() {
  const { t } = useTranslation()
  const providers = useQuery(providerList())
  const settings = useQuery(translationSettings()).data
  const [opened, setOpened] = useState<Provider | 'new' | null>(null)
  return (
    <Page
      title={t('translation.title')}
      about={t('translation.about')}
      actions={
        <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
          {t('translation.newProvider')}
        </Button>
      }
    >
      <h3>{t('translation.providers')}</h3>
      <p className={css.about}>{t('translation.providersAbout')}</p>
      <ProviderList
        query={{ ...providers, data: providers.data?.items }}
        currency={settings?.currency ?? 'USD'}
        onOpen={setOpened}
      />
      <div className={css.below}>
        <Card title={t('translation.spending')}>
          {settings ? <SpendingForm settings={settings} /> : <Skeleton lines={3} />}
        </Card>
      </div>
      <CostList />
      {opened && (
        <ProviderForm
          provider={opened === 'new' ? undefined : opened}
          currency={settings?.currency ?? 'USD'}
          position={providers.data?.items.length ?? 0}
          onClose={() => setOpened(null)}
        />
      )}
    </Page>
  )
}

type Values = { currency: string; budget: number; isAutomatic: boolean }

function SpendingForm({ settings }: { settings: TranslationSettings }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const change = useChangeSettings()
  const { currency, dailyBudgetMicros, isAutomatic, todayMicros } = settings
  const required = [{ required: true, message: t('form.required') }]
  return (
    <RecordForm<Values>
      initial={{ currency, budget: unitsOf(dailyBudgetMicros), isAutomatic }}
      save={({ budget, ...values }) => change.mutateAsync({ ...values, dailyBudgetMicros: microsOf(budget) })}
      onSaved={() => void message.success(t('action.saved'))}
    >
      <div className={css.pair}>
        <Form.Item
          name="budget"
          label={t('translation.budget')}
          extra={t('translation.budgetHint', { spent: spellMicros(todayMicros, currency, i18n.language) })}
          rules={required}
        >
          <InputNumber min={0} max={100_000} step={1} className={css.number} />
        </Form.Item>
        <Form.Item name="currency" label={t('translation.currency')} rules={required}>
          <CurrencySelect />
        </Form.Item>
      </div>
      <Form.Item
        name="isAutomatic"
        label={t('translation.automatic')}
        extra={t('translation.automaticHint')}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
    </RecordForm>
  )
}
