import { Form, Input, Modal, Radio } from 'antd'
import { useTranslation } from 'react-i18next'
import type { BodyOf, Schemas } from '../../api/client.ts'
import { RecordForm } from '../../ui/record-form.tsx'
import { useRevealDetail } from './api.ts'

export type Revealed = Schemas['RevealedDetail']
type Values = Pick<BodyOf<'/api/customers/{id}/reveals', 'post'>, 'reason' | 'note'>
const reasons = ['call_back', 'delivery', 'identity_check', 'refund', 'other'] as const

type Props = {
  customerId: string
  identityId: string
  onClose: () => void
  onShown: (detail: Revealed) => void
}

/** Asks what it is for before a hidden detail is shown; what is said goes on record with it. */
export function RevealDialog({ customerId, identityId, onClose, onShown }: Props) {
  const { t } = useTranslation()
  const reveal = useRevealDetail(customerId)
  const [form] = Form.useForm<Values>()
  const isOther = Form.useWatch('reason', form) === 'other'
  return (
    <Modal open title={t('reveal.title')} footer={null} onCancel={onClose} width={440} destroyOnHidden>
      <p className="quiet small">{t('reveal.about')}</p>
      <RecordForm<Values>
        form={form}
        initial={{ reason: 'call_back' }}
        save={async ({ reason, note = '' }) =>
          onShown(await reveal.mutateAsync({ identityId, reason, note }))
        }
        onSaved={onClose}
        onCancel={onClose}
        submit={t('reveal.submit')}
      >
        <Form.Item name="reason" label={t('reveal.reason')}>
          <Radio.Group
            className="stack"
            options={reasons.map(value => ({ value, label: t(`reveal.reasonOf.${value}`) }))}
          />
        </Form.Item>
        <Form.Item
          name="note"
          label={isOther ? t('reveal.note') : `${t('reveal.note')} (${t('form.optional')})`}
          rules={[{ required: isOther, whitespace: true, message: t('reveal.noteNeeded') }]}
        >
          <Input maxLength={300} />
        </Form.Item>
      </RecordForm>
    </Modal>
  )
}
