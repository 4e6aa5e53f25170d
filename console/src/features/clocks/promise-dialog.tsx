import { App, Input, Modal } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../../api/server-time.ts'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { useRefusal } from '../../ui/refusal.ts'
import { fieldIn, momentOf } from '../../ui/zone-time.ts'
import { useMakePromise } from './api.ts'
import css from './clocks.module.css'

const hour = 3_600_000

/** What is promised and by when, on the own clock. */
export function PromiseDialog({ conversationId, onClose }: { conversationId: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const [textField, timeField] = [useId(), useId()]
  const make = useMakePromise(conversationId)
  const zone = useReaderZone()
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState(() => fieldIn(zone, new Date(serverNow() + 2 * hour)))
  const at = momentOf(zone, chosen)
  const isPast = Number.isNaN(at.getTime()) || at.getTime() <= serverNow()
  return (
    <Modal
      open
      title={t('promise.title')}
      okText={t('promise.submit')}
      okButtonProps={{ disabled: isPast || text.trim() === '', loading: make.isPending }}
      onCancel={onClose}
      onOk={() =>
        make.mutate(
          { text: text.trim(), dueAt: at.toISOString() },
          { onSuccess: onClose, onError: error => void message.error(spell(error)) },
        )
      }
      width={440}
    >
      <label htmlFor={textField} className={css.label}>
        {t('promise.text')}
      </label>
      <Input
        id={textField}
        autoFocus
        maxLength={500}
        value={text}
        placeholder={t('promise.textHint')}
        onChange={event => setText(event.target.value)}
      />
      <label htmlFor={timeField} className={css.label}>
        {t('promise.at')}
      </label>
      <Input
        id={timeField}
        type="datetime-local"
        value={chosen}
        min={fieldIn(zone, new Date(serverNow()))}
        onChange={event => setChosen(event.target.value)}
      />
      <p className="quiet small">{isPast ? t('promise.past') : t('promise.about')}</p>
    </Modal>
  )
}
