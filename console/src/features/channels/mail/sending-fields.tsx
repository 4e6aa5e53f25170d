import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import css from '../channels.module.css'
import { SecretField } from './secret-field.tsx'
import { ServerFields } from './server-fields.tsx'
import type { Mailbox, Values } from './settings.ts'

export function SendingFields({ kept }: { kept: Mailbox['credentials'] | undefined }) {
  const { t } = useTranslation()
  const form = Form.useFormInstance<Values>()
  const auth = Form.useWatch('auth', form)
  return (
    <>
      <h3 className={css.section}>{t('mailbox.sending')}</h3>
      <ServerFields of="smtp" />
      <div className={css.pair}>
        {auth === 'password' && (
          <SecretField
            name="smtpPassword"
            label={t('mailbox.smtpPassword')}
            isKept={kept?.hasSmtpPassword}
            extra={t('mailbox.smtpPasswordHint')}
          />
        )}
        <Form.Item name="sentFolder" label={t('mailbox.sentFolder')} extra={t('mailbox.sentFolderHint')}>
          <Input maxLength={500} />
        </Form.Item>
      </div>
      <details className={css.more}>
        <summary>{t('mailbox.dkim')}</summary>
        <p className="quiet small">{t('mailbox.dkimAbout')}</p>
        <div className={css.pair}>
          <Form.Item name={['dkim', 'domain']} label={t('mailbox.dkimDomain')}>
            <Input maxLength={255} />
          </Form.Item>
          <Form.Item name={['dkim', 'selector']} label={t('mailbox.dkimSelector')}>
            <Input maxLength={255} />
          </Form.Item>
        </div>
        <SecretField name="dkimPrivateKey" label={t('mailbox.dkimKey')} isKept={kept?.hasDkimKey} isLong />
      </details>
    </>
  )
}
