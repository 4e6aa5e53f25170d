import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import type { Locale } from '../../i18n/index.ts'
import { CountrySelect, CurrencySelect, LanguageSelect, ZoneSelect } from '../../ui/choices.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import css from '../sign-in/entrance.module.css'
import { Entrance } from '../sign-in/entrance.tsx'

type FirstRun = {
  company: string
  store: { name: string; languages: string[]; zone: string; currency: string; country: string }
  admin: { name: string; email: string; password: string }
}

/** The first screen of an empty house: the company, its first store, its first admin. */
export function Setup() {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const required = [{ required: true, whitespace: true, message: t('form.required') }]

  async function save({ company, store, admin }: FirstRun) {
    const { zone } = store
    const locale = i18n.language as Locale
    await answer(api.POST('/api/setup', { body: { company: { name: company, zone, locale }, store, admin } }))
    await answer(api.POST('/api/session', { body: { email: admin.email, password: admin.password } }))
    queries.clear()
    await navigate({ to: '/', replace: true })
  }

  return (
    <Entrance wide title={t('setup.title')} about={t('setup.about')}>
      <RecordForm<FirstRun>
        initial={{
          store: {
            name: '',
            languages: [i18n.language],
            zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
            country: i18n.language === 'zh' ? 'CN' : undefined,
            currency: i18n.language === 'zh' ? 'CNY' : 'USD',
          },
        }}
        submit={t('setup.submit')}
        save={save}
      >
        <Form.Item name="company" label={t('setup.company')} rules={required}>
          <Input autoFocus maxLength={120} />
        </Form.Item>
        <h3 className={css.part}>{t('setup.store')}</h3>
        <Form.Item
          name={['store', 'name']}
          label={t('store.name')}
          rules={required}
          extra={t('setup.storeHint')}
        >
          <Input maxLength={120} />
        </Form.Item>
        <Form.Item
          name={['store', 'languages']}
          label={t('store.languages')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <LanguageSelect multiple />
        </Form.Item>
        <div className={css.pair}>
          <Form.Item name={['store', 'country']} label={t('store.country')} rules={required}>
            <CountrySelect />
          </Form.Item>
          <Form.Item name={['store', 'currency']} label={t('store.currency')} rules={required}>
            <CurrencySelect />
          </Form.Item>
        </div>
        <Form.Item name={['store', 'zone']} label={t('store.zone')} rules={required}>
          <ZoneSelect />
        </Form.Item>
        <h3 className={css.part}>{t('setup.admin')}</h3>
        <div className={css.pair}>
          <Form.Item name={['admin', 'name']} label={t('staff.name')} rules={required}>
            <Input autoComplete="name" maxLength={120} />
          </Form.Item>
          <Form.Item
            name={['admin', 'email']}
            label={t('signIn.email')}
            rules={[{ required: true, type: 'email', message: t('form.email') }]}
          >
            <Input type="email" autoComplete="username" />
          </Form.Item>
        </div>
        <Form.Item
          name={['admin', 'password']}
          label={t('signIn.password')}
          rules={[{ required: true, min: 10, message: t('form.password') }]}
          extra={t('form.password')}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </RecordForm>
    </Entrance>
  )
}
