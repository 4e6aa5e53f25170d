import { useQuery } from '@tanstack/react-query'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { useRefusal } from '../../../ui/refusal.ts'
import type { ConversationRow } from '../api.ts'
import { isShown, ownFields, useFillFields, useNameOfField } from './api.ts'
import { OwnFieldInput } from './own-field-input.tsx'
import css from './own-fields.module.css'

export const useShownFields = (row: ConversationRow, reason: string | null = row.reason) =>
  (useQuery(ownFields()).data?.items ?? []).filter(field => isShown(field, row, reason))

/** What the company keeps of such conversations. */
export function OwnFieldsCard({ row }: { row: ConversationRow }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const may = useMay()
  const spell = useRefusal()
  const nameOf = useNameOfField()
  const fill = useFillFields(row.id)
  return (
    <div className={css.fields}>
      {useShownFields(row).map(field => (
        <div key={field.key}>
          <span className={css.label}>
            {nameOf(field)}
            {field.isRequired && <span className="quiet"> · {t('ownField.required')}</span>}
          </span>
          <OwnFieldInput
            field={field}
            value={row.customFields[field.key]}
            disabled={!may('conversations:reply')}
            onChange={value =>
              fill.mutate({ [field.key]: value }, { onError: error => void message.error(spell(error)) })
            }
          />
        </div>
      ))}
    </div>
  )
}
