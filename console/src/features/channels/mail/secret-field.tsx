import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import type { Credentials } from './settings.ts'

type Props = {
  name: keyof Credentials
  label: string
  isKept: boolean | undefined
  extra?: string | undefined
  isLong?: boolean
}

/** Written and never read: it says only whether there is one. */
export function SecretField({ name, label, isKept, extra, isLong }: Props) {
  const { t } = useTranslation()
  const placeholder = isKept ? t('mailbox.secretKept') : undefined
  return (
    <Form.Item name={['credentials', name]} label={label} extra={extra}>
      {isLong ? (
        <Input.TextArea rows={3} autoComplete="off" spellCheck={false} placeholder={placeholder} />
      ) : (
        <Input.Password maxLength={1_000} autoComplete="new-password" placeholder={placeholder} />
      )}
    </Form.Item>
  )
}
