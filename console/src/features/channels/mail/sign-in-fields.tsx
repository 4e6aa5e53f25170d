import { App, Button, Form, Input, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '../../../ui/once.tsx'
import { useRefusal } from '../../../ui/refusal.ts'
import { Time } from '../../../ui/time.tsx'
import css from '../channels.module.css'
import { askForConsent, useSaveMailbox } from './api.ts'
import { presetOf } from './presets.ts'
import { SecretField } from './secret-field.tsx'
import { auths, type Mailbox, type Values } from './settings.ts'

type Props = { channelId: string; kept: Mailbox['credentials'] | undefined }

/** How Afar proves to the servers that it may: with a password, or with a consent given at the provider. */
export function SignInFields({ channelId, kept }: Props) {
  const { t } = useTranslation()
  const form = Form.useFormInstance<Values>()
  const auth = Form.useWatch('auth', form) ?? 'password'
  const hosts = [Form.useWatch(['imap', 'host'], form), Form.useWatch(['smtp', 'host'], form)] as const
  return (
    <>
      <h3 className={css.section}>{t('mailbox.signIn')}</h3>
      <Form.Item name="auth" label={t('mailbox.auth')}>
        <Select options={auths.map(value => ({ value, label: t(`mailbox.authOf.${value}`) }))} />
      </Form.Item>
      {auth === 'password' ? (
        <SecretField
          name="password"
          label={t('mailbox.password')}
          isKept={kept?.hasPassword}
          extra={presetOf(...hosts)?.needsAppPassword ? t('mailbox.appPasswordHint') : undefined}
        />
      ) : (
        <>
          {auth === 'oauth' && (
            <Form.Item
              name="oauthIssuer"
              label={t('mailbox.issuer')}
              extra={t('mailbox.issuerHint')}
              rules={[{ type: 'url', message: t('channel.urlRule') }]}
            >
              <Input type="url" maxLength={500} />
            </Form.Item>
          )}
          <div className={css.pair}>
            <Form.Item name="oauthClientId" label={t('mailbox.clientId')}>
              <Input maxLength={300} autoComplete="off" />
            </Form.Item>
            <SecretField
              name="oauthClientSecret"
              label={t('mailbox.clientSecret')}
              isKept={kept?.hasClientSecret}
            />
          </div>
          <p className="quiet small">{t('mailbox.redirectAbout')}</p>
          <Copyable text={`${window.location.origin}/api/mailbox-grant`} />
          <Consent channelId={channelId} auth={auth} kept={kept} />
        </>
      )}
    </>
  )
}

function Consent({ channelId, auth, kept }: Props & { auth: Exclude<Values['auth'], 'password'> }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const form = Form.useFormInstance<Values>()
  const save = useSaveMailbox(channelId)
  const [isBusy, setBusy] = useState(false)

  /** What is typed is saved first: the way back from the provider leads to a page made anew. */
  async function go() {
    setBusy(true)
    try {
      await form.validateFields()
      await save(form.getFieldsValue(true))
      window.location.assign((await askForConsent(channelId)).url)
    } catch (error) {
      if (error instanceof Error) void message.error(spell(error))
      setBusy(false)
    }
  }

  return (
    <p className={css.consent}>
      <Button type={kept?.hasConsent ? 'default' : 'primary'} loading={isBusy} onClick={go}>
        {t(`mailbox.signInWith.${auth}`)}
      </Button>
      <span className="quiet small">
        {kept?.hasConsent ? t('mailbox.consentKept') : t('mailbox.consentMissing')}
        {kept?.expireAt && (
          <>
            {' '}
            {t('mailbox.expires')} <Time at={kept.expireAt} as="date" />
          </>
        )}
      </span>
    </p>
  )
}
