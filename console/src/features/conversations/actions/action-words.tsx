import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import type { ActionWords, Choice } from '../../../ui/action-form/action-fields.tsx'
import { roleList, useStaff, useTeams } from '../../staff/api.ts'
import { statusLabels } from '../api.ts'
import { type OwnValue, ownFields, useNameOfField } from '../own-fields/api.ts'
import { OwnFieldInput } from '../own-fields/own-field-input.tsx'
import { ReasonSelect } from '../reasons/reason-select.tsx'

/** Where the console has the words of a field already. */
const wordsOf: Record<string, string> = {
  category: 'status',
  priority: 'priority',
  kinds: 'clock.kind',
}

/** A conversation is new once, and snoozing has an action of its own. */
const notChosen = new Set(['new', 'scheduled'])

/** What the actions and triggers of conversations ask for, in the reader's words. */
export function useActionWords(): ActionWords {
  const { t } = useTranslation()
  const staff = useStaff()
  const teams = useTeams()
  const roles = useQuery({ ...roleList(), enabled: useMay()('staff:read') }).data?.items
  const labels = useQuery(statusLabels()).data?.items
  const fields = useQuery(ownFields()).data?.items
  const nameOfField = useNameOfField()
  const named = (items: readonly { id: string; name: string }[] | undefined) =>
    items?.map(({ id, name }): Choice => ({ value: id, label: name }))
  return {
    choicesOf(of, { category }) {
      if (of === 'staff') return named(staff?.filter(({ deactivatedAt }) => !deactivatedAt))
      if (of === 'team') return named(teams)
      if (of === 'role') return named(roles)
      if (of === 'status_label') return named(labels?.filter(label => label.category === category))
      if (of === 'conversation_field')
        return fields
          ?.filter(({ isActive }) => isActive)
          .map(field => ({ value: field.key, label: nameOfField(field) }))
      return undefined
    },
    wordsOf: (name, words) =>
      words
        .filter(word => name !== 'category' || !notChosen.has(word))
        .map(word => ({
          value: word,
          label: t(`${wordsOf[name] ?? `actionField.${name}Of`}.${word}` as 'status.open', {
            defaultValue: word,
          }),
        })),
    controlOf(of, { key }, { value, onChange }) {
      if (of === 'contact_reason')
        return <ReasonSelect value={(value as string | undefined) ?? null} onChange={onChange} />
      const field = of === 'conversation_field_value' && fields?.find(field => field.key === key)
      return field && <OwnFieldInput field={field} value={value as OwnValue} onChange={onChange} />
    },
    isAsked: (name, { category, key }) =>
      name === 'waitingFor' ? category === 'waiting_third_party' : name !== 'value' || key !== undefined,
    emptiedBy: { category: ['waitingFor', 'labelId'], key: ['value'] },
  }
}
