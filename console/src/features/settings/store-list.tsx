import { PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { CountrySelect, CurrencySelect, LanguageSelect, ZoneSelect } from '../../ui/choices.tsx'
import { ColourField } from '../../ui/colour-field.tsx'
import { Page } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { RecordTable } from '../../ui/record-table.tsx'
import { spellCountry, spellLanguage } from '../../ui/spell.ts'
import { calendarList, type Store, storeList, useSaveStore } from './api.ts'
import css from './store-list.module.css'

export function StoreList() {
  const { t, i18n } = useTranslation()
  const may = useMay()
  const query = useQuery(storeList())
  const calendars = useQuery(calendarList()).data?.items
  const [opened, setOpened] = useState<Store | 'new' | null>(null)
  const mayManage = may('settings:manage')
  return (
    <Page
      title={t('store.title')}
      about={t('store.about')}
      actions={
        mayManage && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setOpened('new')}>
            {t('store.new')}
          </Button>
        )
      }
    >
      <RecordTable<Store>
        label={t('store.title')}
        rows={{ ...query, data: query.data?.items }}
        onOpen={mayManage ? setOpened : undefined}
        dim={store => store.archivedAt !== null}
        empty={{ title: t('store.none') }}
        columns={[
          {
            key: 'name',
            title: t('store.name'),
            render: store => (
              <span className="row">
                <svg className={css.colour} viewBox="0 0 10 10" aria-hidden>
                  <circle cx="5" cy="5" r="5" fill={store.colour} />
                </svg>
                <span className="strong">{store.name}</span>
                {store.archivedAt && <span className="quiet small">{t('store.archived')}</span>}
              </span>
            ),
          },
          {
            key: 'languages',
            title: t('store.languages'),
            render: store => store.languages.map(code => spellLanguage(code, i18n.language)).join(', '),
          },
          {
            key: 'country',
            title: t('store.country'),
            render: store => spellCountry(store.country, i18n.language),
          },
          { key: 'zone', title: t('store.zone'), render: store => store.zone.replaceAll('_', ' ') },
          { key: 'currency', title: t('store.currency'), render: store => store.currency },
          {
            key: 'calendar',
            title: t('store.calendar'),
            render: store => calendars?.find(({ id }) => id === store.calendarId)?.name ?? t('store.always'),
          },
        ]}
      />
      {opened && <StoreForm store={opened === 'new' ? undefined : opened} onClose={() => setOpened(null)} />}
    </Page>
  )
}

type Values = Pick<Store, 'name' | 'brand' | 'languages' | 'zone' | 'currency' | 'country' | 'colour'> & {
  calendarId?: string | null
  isActive?: boolean
}

function StoreForm({ store, onClose }: { store: Store | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const save = useSaveStore(store?.id)
  const calendars = useQuery(calendarList()).data?.items ?? []
  const required = [{ required: true, message: t('form.required') }]
  return (
    <RecordDrawer<Values>
      title={store?.name ?? t('store.new')}
      open
      onClose={onClose}
      initial={store ? { ...store, isActive: !store.archivedAt } : { colour: '#0E6E6E', languages: [] }}
      save={({ calendarId = null, isActive, ...values }) =>
        save.mutateAsync({ ...values, calendarId, ...(store && { isArchived: !isActive }) })
      }
    >
      <Form.Item
        name="name"
        label={t('store.name')}
        rules={[{ required: true, whitespace: true, message: t('form.required') }]}
      >
        <Input autoFocus maxLength={120} />
      </Form.Item>
      <Form.Item name="brand" label={t('store.brand')} extra={t('store.brandHint')}>
        <Input maxLength={120} />
      </Form.Item>
      <Form.Item
        name="languages"
        label={t('store.languages')}
        extra={t('store.languagesHint')}
        rules={required}
      >
        <LanguageSelect multiple />
      </Form.Item>
      <div className={css.pair}>
        <Form.Item name="country" label={t('store.country')} rules={required}>
          <CountrySelect />
        </Form.Item>
        <Form.Item name="currency" label={t('store.currency')} rules={required}>
          <CurrencySelect />
        </Form.Item>
      </div>
      <Form.Item name="zone" label={t('store.zone')} rules={required}>
        <ZoneSelect />
      </Form.Item>
      <div className={css.pair}>
        <Form.Item name="calendarId" label={t('store.calendar')} extra={t('store.calendarHint')}>
          <Select
            allowClear
            placeholder={t('store.always')}
            options={calendars.map(({ id, name }) => ({ value: id, label: name }))}
          />
        </Form.Item>
        <Form.Item name="colour" label={t('store.colour')}>
          <ColourField />
        </Form.Item>
      </div>
      {store && (
        <Form.Item
          name="isActive"
          label={t('store.active')}
          valuePropName="checked"
          extra={t('store.activeHint')}
        >
          <Switch />
        </Form.Item>
      )}
    </RecordDrawer>
  )
}
