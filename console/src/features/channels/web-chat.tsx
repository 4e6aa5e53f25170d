import { App, Form, Input, InputNumber, Select, Switch } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ColourField } from '../../ui/colour-field.tsx'
import { GrowingArea } from '../../ui/growing-area.tsx'
import { Copyable } from '../../ui/once.tsx'
import { Card } from '../../ui/page.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import type { Store } from '../settings/api.ts'
import { type Channel, useChangeChannel, type WebChatSettings } from './api.ts'
import css from './channels.module.css'
import { ChatPreview } from './chat-preview.tsx'
import { SecretCard } from './secret-card.tsx'

type Values = WebChatSettings & { name: string }

export function WebChat({ channel, store }: { channel: Channel; store: Store }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const change = useChangeChannel(channel.id)
  const settings = channel.settings as WebChatSettings
  const [draft, setDraft] = useState<WebChatSettings>(settings)
  const snippet = `<script async src="${window.location.origin}/widget.js" data-store="${store.key}"></script>`

  return (
    <div className={css.columns}>
      <div>
        <Card title={t('channel.snippet')}>
          <p className="quiet small">{t('channel.snippetAbout')}</p>
          <Copyable text={snippet} />
        </Card>
        <Card title={t('channel.settings')}>
          <RecordForm<Values>
            initial={{ ...settings, name: channel.name }}
            onChange={setDraft}
            save={({ name, ...values }) =>
              change.mutateAsync({ name, settings: { ...values, colour: values.colour ?? null } })
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
            <Form.Item name="greeting" label={t('channel.greeting')} extra={t('channel.greetingHint')}>
              <GrowingArea minRows={2} maxRows={5} maxLength={500} dir="auto" />
            </Form.Item>
            <div className={css.pair}>
              <Form.Item name="colour" label={t('channel.colour')} extra={t('channel.colourHint')}>
                <ColourField fallback={store.colour} />
              </Form.Item>
              <Form.Item name="position" label={t('channel.position')}>
                <Select
                  options={(['start', 'end'] as const).map(value => ({
                    value,
                    label: t(`channel.positionOf.${value}`),
                  }))}
                />
              </Form.Item>
            </div>
            <Form.Item
              name="allowedOrigins"
              label={t('channel.origins')}
              extra={t('channel.originsHint')}
              rules={[
                {
                  validator: (_, origins: string[] = []) =>
                    origins.every(origin =>
                      /^https?:\/\/(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d{1,5})?$/i.test(origin),
                    )
                      ? Promise.resolve()
                      : Promise.reject(new Error(t('channel.originRule'))),
                },
              ]}
            >
              <Select
                mode="tags"
                open={false}
                suffixIcon={null}
                tokenSeparators={[' ', ',']}
                placeholder={t('channel.anyOrigin')}
              />
            </Form.Item>
            <Form.Item
              name="requireContactWhenClosed"
              label={t('channel.requireContact')}
              valuePropName="checked"
            >
              <Switch />
            </Form.Item>
            <Form.Item
              name="enforceIdentity"
              label={t('channel.enforceIdentity')}
              extra={t('channel.enforceIdentityHint')}
              valuePropName="checked"
            >
              <Switch />
            </Form.Item>
            <Form.Item name="reopenDays" label={t('channel.reopenDays')} extra={t('channel.reopenHint')}>
              <InputNumber min={0} max={365} />
            </Form.Item>
          </RecordForm>
        </Card>
        <SecretCard
          channel={channel}
          title={t('channel.identitySecret')}
          about={t('channel.identitySecretAbout')}
        />
      </div>
      <ChatPreview store={store} settings={draft} saved={settings} />
    </div>
  )
}
