import { Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import css from '../channels.module.css'
import { presetFor, presetOf, presets } from './presets.ts'
import type { Values } from './settings.ts'

/** Whose mailbox it is. Who provides it tells the rest, as far as it is known. */
export function SenderFields() {
  const { t, i18n } = useTranslation()
  const form = Form.useFormInstance<Values>()
  const [imapHost, smtpHost] = [Form.useWatch(['imap', 'host'], form), Form.useWatch(['smtp', 'host'], form)]
  const language = i18n.language.startsWith('zh') ? 'zh' : 'en'

  function fill(id: string | undefined) {
    const preset = presets.find(one => one.id === id)
    if (!preset) return
    const { imap, smtp, auth, plusAddressing, trustedServers } = preset
    form.setFieldsValue({
      receives: 'imap',
      imap: { ...imap, user: undefined, folder: 'INBOX' },
      smtp: { ...smtp, user: undefined },
      auth,
      plusAddressing,
      trustedServers,
    })
  }

  function suggest(address: string) {
    if (!form.getFieldValue(['imap', 'host']) && !form.getFieldValue(['smtp', 'host']))
      fill(presetFor(address)?.id)
  }

  return (
    <>
      <div className={css.pair}>
        <Form.Item
          name="name"
          label={t('channel.name')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item label={t('mailbox.provider')}>
          <Select
            aria-label={t('mailbox.provider')}
            value={presetOf(imapHost, smtpHost)?.id}
            placeholder={t('mailbox.otherProvider')}
            onChange={fill}
            options={presets.map(({ id, name }) => ({ value: id, label: name[language] }))}
          />
        </Form.Item>
        <Form.Item
          name="address"
          label={t('mailbox.address')}
          rules={[
            { required: true, message: t('form.required') },
            { type: 'email', message: t('form.email') },
          ]}
        >
          <Input type="email" autoComplete="off" onBlur={event => suggest(event.target.value)} />
        </Form.Item>
        <Form.Item name="senderName" label={t('mailbox.senderName')} extra={t('mailbox.senderNameHint')}>
          <Input maxLength={100} />
        </Form.Item>
      </div>
      <Form.Item name="aliases" label={t('mailbox.aliases')} extra={t('mailbox.aliasesHint')}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[' ', ',', ';', '，', '；']} />
      </Form.Item>
    </>
  )
}
