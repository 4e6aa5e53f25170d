import { Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'

const thirdParties = ['carrier', 'supplier', 'bank'] as const
export type WaitingFor = (typeof thirdParties)[number]

/** For whom a conversation waits decides which of its clocks stand still. */
export function WaitingDialog({
  onClose,
  onChoose,
}: {
  onClose: () => void
  onChoose: (waitingFor: WaitingFor | null) => void
}) {
  const { t } = useTranslation()
  const [chosen, setChosen] = useState<WaitingFor | 'other'>('carrier')
  return (
    <Modal
      open
      width={400}
      title={t('waiting.title')}
      okText={t('action.save')}
      onCancel={onClose}
      onOk={() => {
        onChoose(chosen === 'other' ? null : chosen)
        onClose()
      }}
    >
      <Radio.Group
        vertical
        value={chosen}
        onChange={event => setChosen(event.target.value as WaitingFor)}
        options={([...thirdParties, 'other'] as const).map(value => ({
          value,
          label: t(`waiting.${value}`),
        }))}
      />
      <p className="quiet small">{t('waiting.about')}</p>
    </Modal>
  )
}
