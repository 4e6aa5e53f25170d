import { useQuery } from '@tanstack/react-query'
import { Button, Input, Modal } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { serverNow } from '../../api/server-time.ts'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { spellMoment, spellZone } from '../../ui/spell.ts'
import { fieldIn, momentOf } from '../../ui/zone-time.ts'
import { storeList } from '../settings/api.ts'
import type { ConversationRow } from './api.ts'
import { laterChoices } from './later-choices.ts'
import css from './send-later.module.css'

type Props = { row: ConversationRow; onClose: () => void; onChoose: (at: Date) => void }

/** A moment is chosen on the own clock and read on the customer's. */
export function SendLater({ row, onClose, onChoose }: Props) {
  const { t, i18n } = useTranslation()
  const field = useId()
  const store = useQuery(storeList()).data?.items.find(({ id }) => id === row.store.id)
  const zone = row.customer.zone ?? store?.zone
  const own = useReaderZone()
  const choices = laterChoices(zone ?? own, new Date(serverNow()))
  const [chosen, setChosen] = useState(() => fieldIn(own, choices[1]!.at))
  const at = momentOf(own, chosen)
  const isPast = Number.isNaN(at.getTime()) || at.getTime() <= serverNow()
  return (
    <Modal
      open
      title={t('later.title')}
      okText={t('later.submit')}
      okButtonProps={{ disabled: isPast }}
      onCancel={onClose}
      onOk={() => {
        onChoose(at)
        onClose()
      }}
      width={440}
    >
      <div className={css.choices}>
        {choices.map(choice => (
          <Button key={choice.key} size="small" onClick={() => setChosen(fieldIn(own, choice.at))}>
            {t(`later.choice.${choice.key}`)}
          </Button>
        ))}
      </div>
      <label htmlFor={field} className={css.label}>
        {t('later.at')}
      </label>
      <Input
        id={field}
        type="datetime-local"
        value={chosen}
        min={fieldIn(own, new Date(serverNow()))}
        onChange={event => setChosen(event.target.value)}
      />
      <p className={css.theirs}>
        {isPast
          ? t('later.past')
          : zone &&
            t(row.customer.zone ? 'later.theirs' : 'later.stores', {
              moment: spellMoment(at, i18n.language, zone),
              zone: spellZone(zone, at, i18n.language),
            })}
      </p>
      <p className="quiet small">{t('later.about')}</p>
    </Modal>
  )
}
