import { useQuery } from '@tanstack/react-query'
import { App, Modal } from 'antd'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../../api/client.ts'
import { GrowingArea } from '../../../ui/growing-area.tsx'
import { KeyHint } from '../../../ui/key-hint.tsx'
import { useRefusal } from '../../../ui/refusal.ts'
import type { ConversationRow } from '../api.ts'
import { type OwnValue, useNameOfField } from '../own-fields/api.ts'
import { OwnFieldInput } from '../own-fields/own-field-input.tsx'
import { useShownFields } from '../own-fields/own-fields-card.tsx'
import { contactReasons } from '../reasons/api.ts'
import { ReasonSelect } from '../reasons/reason-select.tsx'
import { type NewSummary, useClosingWords } from './api.ts'
import css from './closing.module.css'

type Props = {
  row: ConversationRow
  needsReason: boolean
  summaryPolicy: Schemas['Company']['summaryPolicy']
  onClose: () => void
  onDone: (version: number) => void
}

const parts = ['wanted', 'done', 'promised'] as const
const blank = { wanted: '', done: '', promised: '' }

/** Why he wrote and what came of it, on one sheet and by keys alone. */
export function ClosingSheet({ row, needsReason, summaryPolicy, onClose, onDone }: Props) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const id = useId()
  const nameOf = useNameOfField()
  const reasons = useQuery(contactReasons()).data?.items ?? []
  const [reason, setReason] = useState(row.reason)
  const [written, setWritten] = useState<Partial<NewSummary>>({})
  const [values, setValues] = useState<Record<string, OwnValue>>({})
  const fields = useShownFields(row, reason).filter(({ isRequired }) => isRequired)
  const valueOfField = (key: string) => values[key] ?? row.customFields[key]
  const say = useClosingWords(row.id)
  const template = reasons.find(({ code }) => code === reason)?.summaryTemplate ?? blank
  const summary = { ...template, ...written }
  const isEmpty = parts.every(part => summary[part].trim() === '')
  const keepsSummaries = summaryPolicy !== 'none'
  const isFilled = fields.every(({ key }) => valueOfField(key) !== undefined && valueOfField(key) !== null)
  const isReady = isFilled && !(needsReason && !reason) && !(summaryPolicy === 'required' && isEmpty)

  function submit() {
    if (!isReady) return
    say.mutate(
      {
        values,
        ...{ version: row.version, reason: reason === row.reason ? null : reason },
        summary: keepsSummaries && !isEmpty ? summary : null,
      },
      { onSuccess: onDone, onError: error => void message.error(spell(error)) },
    )
  }

  function press(event: React.KeyboardEvent) {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    submit()
  }

  return (
    <Modal
      open
      width={480}
      title={t('closing.title')}
      okText={t('closing.submit')}
      cancelText={t('action.cancel')}
      okButtonProps={{ disabled: !isReady, loading: say.isPending }}
      onOk={submit}
      onCancel={onClose}
    >
      <div className={css.sheet} onKeyDown={press}>
        <div>
          <span className={css.label}>{t('context.reason')}</span>
          <ReasonSelect value={reason} onChange={setReason} autoFocus={!reason} />
        </div>
        {fields.map(field => (
          <div key={field.key}>
            <span className={css.label}>{nameOf(field)}</span>
            <OwnFieldInput
              field={field}
              value={valueOfField(field.key)}
              onChange={value => setValues(now => ({ ...now, [field.key]: value }))}
            />
          </div>
        ))}
        {keepsSummaries &&
          parts.map((part, n) => (
            <div key={part}>
              <label htmlFor={`${id}${part}`} className={css.label}>
                {t(`closing.${part}`)}
              </label>
              <GrowingArea
                id={`${id}${part}`}
                minRows={1}
                maxRows={6}
                dir="auto"
                maxLength={2_000}
                autoFocus={Boolean(row.reason) && n === 0}
                value={summary[part]}
                onChange={event => setWritten(now => ({ ...now, [part]: event.target.value }))}
              />
            </div>
          ))}
        <p className="quiet small">
          <KeyHint keys="mod+enter" /> {t('closing.submit')}
        </p>
      </div>
    </Modal>
  )
}
