import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { spellDate } from '../../ui/spell.ts'
import { type Customer, type CustomField, customFields, useCustomerChanges } from './api.ts'
import css from './fact-list.module.css'

type Values = Record<string, string | number | null | undefined>

/** The fields this company keeps of every customer; without any, there is no card. */
export function CustomFieldValues({ who, mayWrite }: { who: Customer; mayWrite: boolean }) {
  const { t, i18n } = useTranslation()
  const { change } = useCustomerChanges(who.id)
  const [isEditing, setEditing] = useState(false)
  const fields = useQuery(customFields()).data?.items ?? []
  if (fields.length === 0) return null

  const spell = ({ key, type }: CustomField) => {
    const value = who.customFields[key]
    if (value === undefined) return '—'
    return type === 'date' ? spellDate(new Date(`${value}T12:00:00Z`), i18n.language, 'UTC') : value
  }
  // A field that was emptied is told as null; one that was never filled is not told.
  const given = (values: Values) =>
    Object.fromEntries(
      fields
        .map(({ key }) => [key, values[key] === '' ? null : (values[key] ?? null)] as const)
        .filter(([key, value]) => value !== null || who.customFields[key] !== undefined),
    )

  return (
    <Card
      title={t('customField.title')}
      extra={
        mayWrite && (
          <Button size="small" type="link" onClick={() => setEditing(true)}>
            {t('action.edit')}
          </Button>
        )
      }
    >
      <dl className={css.facts}>
        {fields.map(field => (
          <div key={field.key}>
            <dt>{field.label}</dt>
            <dd dir="auto">{spell(field)}</dd>
          </div>
        ))}
      </dl>
      <RecordDrawer<Values>
        title={t('customField.title')}
        open={isEditing}
        onClose={() => setEditing(false)}
        initial={who.customFields}
        save={values =>
          change.mutateAsync({
            version: who.version,
            source: 'staff',
            legalBasis: null,
            customFields: given(values),
          })
        }
      >
        {fields.map(({ key, label, type, choices }) => (
          <Form.Item key={key} name={key} label={label}>
            {type === 'number' ? (
              <InputNumber className={css.number} />
            ) : type === 'choice' ? (
              <Select allowClear options={choices.map(value => ({ value }))} />
            ) : (
              <Input type={type === 'date' ? 'date' : 'text'} maxLength={2_000} />
            )}
          </Form.Item>
        ))}
      </RecordDrawer>
    </Card>
  )
}
