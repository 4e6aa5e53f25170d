import { Checkbox, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './blocked-senders.module.css'

type Props = {
  /** Whether the conversation it is asked in may be marked as spam with it. */
  offersSpam?: boolean
  isPending?: boolean
  onBlock: (marksSpam: boolean) => void
  onClose: () => void
}

/** Says what blocking does before it is done. */
export function BlockDialog({ offersSpam = false, isPending = false, onBlock, onClose }: Props) {
  const { t } = useTranslation()
  const [marksSpam, setMarksSpam] = useState(offersSpam)
  return (
    <Modal
      open
      title={t('blocked.ask')}
      width={440}
      okText={t('blocked.block')}
      okButtonProps={{ danger: true, loading: isPending }}
      cancelText={t('action.cancel')}
      onOk={() => onBlock(marksSpam)}
      onCancel={onClose}
    >
      <div className={css.asked}>
        <p>{t('blocked.about')}</p>
        <p className="quiet small">{t('blocked.aboutUndo')}</p>
        {offersSpam && (
          <Checkbox checked={marksSpam} onChange={event => setMarksSpam(event.target.checked)}>
            {t('blocked.alsoSpam')}
          </Checkbox>
        )}
      </div>
    </Modal>
  )
}
