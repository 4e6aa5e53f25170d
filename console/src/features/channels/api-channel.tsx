import { Link } from '@tanstack/react-router'
import { App, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { CountrySelect } from '../../ui/choices.tsx'
import { Copyable } from '../../ui/once.tsx'
import { Card } from '../../ui/page.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import { marketplaces } from '../clocks/naming.ts'
import { type ApiSettings, type Channel, useChangeChannel } from './api.ts'
import css from './channels.module.css'
import { SecretCard } from './secret-card.tsx'

type Values = ApiSettings & { name: string }

export function ApiChannel({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const change = useChangeChannel(channel.id)
  const settings = channel.settings as ApiSettings
  return (
    <div className={css.columns}>
      <div>
        <Card title={t('channel.inboundAddress')}>
          <p className="quiet small">{t('channel.inboundAddressAbout')}</p>
          <Copyable text={`POST ${window.location.origin}/api/channels/${channel.id}/inbound`} />
        </Card>
        <Card title={t('channel.settings')}>
          <RecordForm<Values>
            initial={{ ...settings, name: channel.name }}
            save={({ name, webhookUrl, marketplace = null, site = null, ...values }) =>
              change.mutateAsync({
                name,
                settings: { ...values, marketplace, site, webhookUrl: webhookUrl || null },
              })
            }
            onSaved={() => void message.success(t('action.saved'))}
          >
            <Form.Item
              name="name"
              label={t('channel.name')}
              rules={[{ required: true, whitespace: true, message: t('form.required') }]}
            >
              <Input maxLength={100} />
            </Form.Item>
            <Form.Item
              name="webhookUrl"
              label={t('channel.webhookUrl')}
              extra={t('channel.webhookHint')}
              rules={[{ type: 'url', message: t('channel.urlRule') }]}
            >
              <Input type="url" maxLength={2_000} />
            </Form.Item>
            <div className={css.pair}>
              <Form.Item name="marketplace" label={t('marketplace.label')} extra={t('marketplace.hint')}>
                <Select
                  allowClear
                  placeholder={t('marketplace.none')}
                  options={marketplaces.map(value => ({ value, label: t(`marketplace.of.${value}`) }))}
                />
              </Form.Item>
              <Form.Item name="site" label={t('marketplace.site')}>
                <CountrySelect allowClear />
              </Form.Item>
            </div>
            <div className={css.pair}>
              <Form.Item name="timeoutSeconds" label={t('channel.timeout')}>
                <InputNumber min={1} max={30} suffix={t('channel.seconds')} />
              </Form.Item>
              <Form.Item name="reopenDays" label={t('channel.reopenDays')} extra={t('channel.reopenHint')}>
                <InputNumber min={0} max={365} />
              </Form.Item>
            </div>
          </RecordForm>
        </Card>
      </div>
      <div>
        <SecretCard
          channel={channel}
          title={t('channel.signingSecret')}
          about={t('channel.signingSecretAbout')}
        />
        <Card title={t('channel.traffic')}>
          <ul>
            <li>
              <Link to="/settings/inbound">{t('inbound.title')}</Link>
            </li>
            <li>
              <Link to="/settings/deliveries">{t('deliveries.title')}</Link>
            </li>
          </ul>
        </Card>
      </div>
    </div>
  )
}
