import { DatePicker, Form, Input, InputNumber, Select, Switch } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { GrowingArea } from '../growing-area.tsx'
import { type ParamSchema, type ParamsSchema, paramsOf } from './params.ts'

export type Choice = { value: string; label: string }

type Props = {
  /** A JSON Schema, as the server describes what an action needs. */
  schema: ParamsSchema
  /** The records that can be named, by the noun of the schema's `of`; undefined while they are not there. */
  choicesOf: (of: string) => readonly Choice[] | undefined
  /** The reader's word for one of the words a field takes. */
  wordOf: (field: string, word: string) => string
  /** Where the values stand in the form around it. */
  at?: readonly (string | number)[]
}

/** The fields that an action asks for, made from its schema, within a form. */
export function ActionFields({ schema, choicesOf, wordOf, at = [] }: Props) {
  const { t } = useTranslation()
  return paramsOf(schema).map(({ name, param, isRequired }) => (
    <Form.Item
      key={name}
      name={[...at, name]}
      label={t(`actionField.${name as 'text'}`, { defaultValue: name })}
      rules={[{ required: isRequired, message: t('form.required') }]}
      {...(param.type === 'boolean' && { valuePropName: 'checked' })}
      {...(param.format === 'date-time' && moments)}
    >
      {fieldFor(name, param, isRequired, { choicesOf, wordOf })}
    </Form.Item>
  ))
}

function fieldFor(
  name: string,
  param: ParamSchema,
  isRequired: boolean,
  { choicesOf, wordOf }: Pick<Props, 'choicesOf' | 'wordOf'>,
): ReactNode {
  const of = param.of ?? param.items?.of
  const isMany = param.type === 'array'
  const words = param.enum ?? param.items?.enum
  if (of || words) {
    const choices = of ? choicesOf(of) : words!.map(value => ({ value, label: wordOf(name, value) }))
    return (
      <Select
        {...(isMany && { mode: 'multiple' as const })}
        allowClear={!isRequired}
        optionFilterProp="label"
        showSearch
        loading={choices === undefined}
        options={[...(choices ?? [])]}
      />
    )
  }
  if (isMany) return <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', '，']} />
  if (param.type === 'boolean') return <Switch />
  if (param.type === 'number' || param.type === 'integer')
    return <InputNumber min={param.minimum} max={param.maximum} />
  if (param.format === 'date-time')
    return <DatePicker showTime={{ format: 'HH:mm' }} format="YYYY-MM-DD HH:mm" style={{ width: '100%' }} />
  return (param.maxLength ?? 0) > 200 ? (
    <GrowingArea minRows={3} maxLength={param.maxLength} />
  ) : (
    <Input maxLength={param.maxLength} />
  )
}

type Moment = { toDate: () => Date }

/** The picker speaks of moments of its own, the schema of ISO text. */
const moments = {
  getValueFromEvent: (moment: Moment | null) => moment?.toDate().toISOString(),
  getValueProps: () => ({}),
}
