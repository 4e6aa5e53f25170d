import { useQuery } from '@tanstack/react-query'
import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import { ActionFields, type ActionWords } from '../../ui/action-form/action-fields.tsx'
import type { Params, ParamsSchema } from '../../ui/action-form/params.ts'
import { ZoneSelect } from '../../ui/choices.tsx'
import { TimeField } from '../../ui/time-field.tsx'
import { conditionFields } from '../conversations/saved-views/api.ts'
import { spellWeekday, type Weekday, weekdays } from '../settings/week.ts'
import css from './flows.module.css'

type Props = { code: string; params: Params; onChange: (params: Params) => void }

const schemas = {
  schedule: { required: ['at'], properties: { at: { of: 'time' }, zone: { of: 'zone' } } },
  elapsed: {
    required: ['field', 'hours'],
    properties: { field: { of: 'moment' }, hours: { type: 'integer', minimum: 1, maximum: 2_160 } },
  },
} satisfies Record<string, ParamsSchema>

/** What the clock starts by; these two are no module's, so the console knows them itself. */
export function TriggerParams({ code, params, onChange }: Props) {
  const { i18n } = useTranslation()
  const words = useClockWords()
  if (code === 'elapsed')
    return <ActionFields schema={schemas.elapsed} words={words} value={params} onChange={onChange} />
  if (code !== 'schedule') return null
  const days = (params.days as Weekday[] | undefined) ?? []
  return (
    <>
      <ActionFields
        schema={schemas.schedule}
        words={words}
        value={params}
        onChange={next => onChange({ zone: null, ...next, days })}
      />
      <Checkbox.Group
        className={css.add}
        options={weekdays.map(value => ({ value, label: spellWeekday(value, i18n.language, 'short') }))}
        value={days}
        onChange={chosen => onChange({ ...params, days: chosen.toSorted() })}
      />
    </>
  )
}

function useClockWords(): ActionWords {
  const { t, i18n } = useTranslation()
  const fields = useQuery(conditionFields()).data?.fields
  const isChinese = i18n.language.startsWith('zh')
  return {
    choicesOf: () =>
      fields
        ?.filter(({ type }) => type === 'instant')
        .map(({ code, zh, en }) => ({ value: code, label: isChinese ? zh : en })),
    wordsOf: () => [],
    controlOf(of, _, { value, onChange, label }) {
      if (of === 'time')
        return <TimeField label={label} value={(value as string | undefined) ?? ''} onChange={onChange} />
      if (of !== 'zone') return null
      return (
        <ZoneSelect
          allowClear
          aria-label={label}
          placeholder={t('flows.companyZone')}
          value={value}
          onChange={onChange}
        />
      )
    },
  }
}
