import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { Alert, App, Form } from 'antd'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../ui/page.tsx'
import { RecordForm } from '../../../ui/record-form.tsx'
import type { Channel } from '../api.ts'
import css from '../channels.module.css'
import { AnsweringFields } from './answering-fields.tsx'
import { mailbox, useSaveMailbox } from './api.ts'
import own from './mail-channel.module.css'
import { MailboxCard } from './mailbox-card.tsx'
import { ReceivingFields } from './receiving-fields.tsx'
import { SenderFields } from './sender-fields.tsx'
import { SendingFields } from './sending-fields.tsx'
import { type Values, valuesOf } from './settings.ts'
import { SignInFields } from './sign-in-fields.tsx'
import { TrialCard } from './trial-card.tsx'

/** One mailbox: on the left what is set, on the right whether it works. */
export function MailChannel({ channel }: { channel: Channel }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const [form] = Form.useForm<Values>()
  const save = useSaveMailbox(channel.id)
  const { data } = useQuery(mailbox(channel.id))
  const { grant, reason } = useSearch({ from: '/shell/settings/channels/$channelId' })
  return (
    <>
      {grant && (
        <Alert
          className={css.notice}
          type={grant === 'given' ? 'success' : 'error'}
          showIcon
          title={
            grant === 'given'
              ? t('mailbox.consentGiven')
              : t('mailbox.consentRefused', {
                  why: t(`mailbox.code.${reason as 'failed'}`, { defaultValue: reason ?? '' }),
                })
          }
        />
      )}
      <div className={css.columns}>
        <Card>
          <RecordForm<Values>
            form={form}
            initial={valuesOf(channel)}
            save={save}
            onSaved={() => {
              form.resetFields([['credentials']])
              void message.success(t('action.saved'))
            }}
          >
            <SenderFields />
            <ReceivingFields />
            <SignInFields channelId={channel.id} kept={data?.credentials} />
            <SendingFields kept={data?.credentials} />
            <AnsweringFields />
          </RecordForm>
        </Card>
        <div className={own.aside}>
          <MailboxCard channel={channel} state={data} />
          <TrialCard channelId={channel.id} form={form} />
          <Card title={t('channel.traffic')}>
            <ul>
              <li>
                <Link to="/settings/inbound" search={{ channel: channel.id }}>
                  {t('inbound.title')}
                </Link>
              </li>
              <li>
                <Link to="/settings/deliveries">{t('deliveries.title')}</Link>
              </li>
            </ul>
          </Card>
        </div>
      </div>
    </>
  )
}
