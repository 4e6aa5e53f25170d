import { Form, Modal, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { RecordForm } from '../../ui/record-form.tsx'
import { type ApiKey, useRotateApiKey } from './api.ts'

const overlaps = { now: 0, hour: 1, day: 24, week: 168 } as const

type Props = { of: ApiKey; onClose: () => void; onMade: (key: string) => void }

/** A new secret for the same key, while the old one works on for as long as is chosen. */
export function ApiKeyRotation({ of: { id, name }, onClose, onMade }: Props) {
  const { t } = useTranslation()
  const rotate = useRotateApiKey(id)
  return (
    <Modal open title={t('keyScope.rotateTitle', { name })} footer={null} onCancel={onClose} width={480}>
      <p className="quiet">{t('keyScope.rotateAbout')}</p>
      <RecordForm<{ hours: number }>
        initial={{ hours: overlaps.day }}
        save={async ({ hours }) => onMade((await rotate.mutateAsync(hours)).key)}
        onSaved={onClose}
        onCancel={onClose}
        submit={t('keyScope.rotate')}
      >
        <Form.Item name="hours" label={t('keyScope.overlap')}>
          <Select
            options={Object.entries(overlaps).map(([word, value]) => ({
              value,
              label: t(`keyScope.overlapOf.${word as 'day'}`),
            }))}
          />
        </Form.Item>
      </RecordForm>
    </Modal>
  )
}
