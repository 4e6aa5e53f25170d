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
import { snoozeChoices } from './later-choices.ts'
import css from './snooze-dialog.module.css'

type Props = { row: ConversationRow; submit?: string; onClose: () => void; onChoose: (until: Date) => void }

/** A moment is chosen on the reader's clock, with the customer's beside it. */
export function SnoozeDialog({ row, submit, onClose, onChoose }: Props) {
  const { t, i18n } = useTranslation()
  const field = useId()
  const zone = useReaderZone()
  const store = useQuery(storeList()).data?.items.find(({ id }) => id === row.store.id)
  const theirs = row.customer.zone ?? store?.zone
  const [now] = useState(() => new Date(serverNow()))
  const choices = snoozeChoices(zone, now)
  const [picked, setPicked] = useState(() => fieldIn(zone, choices.at(-1)!.at))
  const at = momentOf(zone, picked)
  const isValid = !Number.isNaN(at.getTime()) && at.getTime() > serverNow()
  const choose = (until: Date) => {
    onChoose(until)
    onClose()
  }
  const spellTheirs = (moment: Date) =>
    theirs &&
    theirs !== zone &&
    t(row.customer.zone ? 'snooze.theirs' : 'snooze.stores', {
      moment: spellMoment(moment, i18n.language, theirs),
    })
  return (
    <Modal open title={submit ?? t('snooze.title')} footer={null} onCancel={onClose} width={460}>
      <p className="quiet small">{t('snooze.about')}</p>
      <ul className={css.choices}>
        {choices.map(({ key, at }, n) => (
          <li key={key}>
            <button
              type="button"
              className={`plain ${css.choice}`}
              // biome-ignore lint/a11y/noAutofocus: the dialog opens by a key, and the next key chooses
              autoFocus={n === 0}
              onClick={() => choose(at)}
            >
              <span>{t(`snooze.choice.${key}`)}</span>
              <span className={css.moment}>{spellMoment(at, i18n.language, zone)}</span>
              <span className={css.theirs}>{spellTheirs(at)}</span>
            </button>
          </li>
        ))}
      </ul>
      <label htmlFor={field} className={css.label}>
        {t('snooze.pick')}
        <span className="quiet small">
          {t('snooze.zone', { zone: `${zone.replaceAll('_', ' ')} ${spellZone(zone, now, i18n.language)}` })}
        </span>
      </label>
      <div className={css.pick}>
        <Input
          id={field}
          type="datetime-local"
          value={picked}
          min={fieldIn(zone, now)}
          onChange={event => setPicked(event.target.value)}
        />
        <Button type="primary" disabled={!isValid} onClick={() => choose(at)}>
          {submit ?? t('snooze.submit')}
        </Button>
      </div>
      <p className={css.theirs}>{isValid ? spellTheirs(at) : t('snooze.past')}</p>
    </Modal>
  )
}
