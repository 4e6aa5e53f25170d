import { Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import css from './mail-channel.module.css'
import { securities } from './settings.ts'

const ports = { imap: { tls: 993, starttls: 143, none: 143 }, smtp: { tls: 465, starttls: 587, none: 25 } }

/** Where a server is and how it is spoken to; the port follows the encryption, as it nearly always does. */
export function ServerFields({ of }: { of: 'imap' | 'smtp' }) {
  const { t } = useTranslation()
  const form = Form.useFormInstance()
  const security = Form.useWatch<(typeof securities)[number]>([of, 'security'], form)
  return (
    <>
      <div className={css.server}>
        <Form.Item name={[of, 'host']} label={t('mailbox.host')}>
          <Input maxLength={255} placeholder={`${of}.example.com`} />
        </Form.Item>
        <Form.Item
          name={[of, 'security']}
          label={t('mailbox.security')}
          extra={security === 'none' ? <span className={css.warning}>{t('mailbox.unencrypted')}</span> : null}
        >
          <Select
            onChange={(next: (typeof securities)[number]) =>
              form.setFieldValue([of, 'port'], ports[of][next])
            }
            options={securities.map(value => ({
              value,
              label: value === 'none' ? t('mailbox.noEncryption') : value.toUpperCase(),
            }))}
          />
        </Form.Item>
        <Form.Item
          name={[of, 'port']}
          label={t('mailbox.port')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <InputNumber min={1} max={65_535} controls={false} />
        </Form.Item>
      </div>
      <Form.Item name={[of, 'user']} label={t('mailbox.user')}>
        <Input maxLength={320} autoComplete="off" placeholder={t('mailbox.userHint')} />
      </Form.Item>
    </>
  )
}
