import { Input, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type OwnField, type OwnValue, useNameOfField } from './api.ts'

type Props = {
  field: OwnField
  value: OwnValue | undefined
  onChange: (value: OwnValue) => void
  disabled?: boolean
}

/** A value is told once its field is left, or chosen. */
export function OwnFieldInput({ field, value, onChange, disabled = false }: Props) {
  const { t } = useTranslation()
  const label = useNameOfField()(field)
  const [typed, setTyped] = useState<string | null>(null)
  const common = { 'aria-label': label, disabled, style: { width: '100%' } }
  if (field.type === 'choice' || field.type === 'boolean')
    return (
      <Select
        {...common}
        allowClear
        value={value === undefined || value === null ? undefined : String(value)}
        options={
          field.type === 'choice'
            ? field.choices.map(choice => ({ value: choice, label: choice }))
            : [
                { value: 'true', label: t('ownField.yes') },
                { value: 'false', label: t('ownField.no') },
              ]
        }
        onChange={chosen => {
          if (chosen === undefined) onChange(null)
          else onChange(field.type === 'boolean' ? chosen === 'true' : chosen)
        }}
      />
    )
  if (field.type === 'number')
    return (
      <InputNumber
        {...common}
        value={value as number | undefined}
        changeOnBlur
        onBlur={({ target }) => {
          const next = target.value === '' ? null : Number(target.value)
          if (next !== (value ?? null) && !Number.isNaN(next)) onChange(next)
        }}
      />
    )
  function leave() {
    if (typed !== null && typed !== (value ?? '')) onChange(typed || null)
    setTyped(null)
  }
  return (
    <Input
      {...common}
      dir="auto"
      type={field.type === 'date' ? 'date' : 'text'}
      maxLength={2_000}
      value={typed ?? (value as string | undefined) ?? ''}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={leave}
      onPressEnter={leave}
    />
  )
}
