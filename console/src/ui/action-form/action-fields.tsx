import { Checkbox, Input, InputNumber, Select } from 'antd'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { GrowingArea } from '../growing-area.tsx'
import { MomentField } from '../moment-field.tsx'
import css from './action-fields.module.css'
import {
  type Param,
  type ParamSchema,
  type Params,
  type ParamsSchema,
  paramsOf,
  withParam,
} from './params.ts'

export type Choice = { value: string; label: string }

type Field = { value: unknown; onChange: (value: unknown) => void; label: string }

/** What a schema cannot say: the names of records, the reader's words, and fields that are more than their type. */
export type ActionWords = {
  /** The records that can be named, by the noun of the schema's `of`; undefined while they are not there. */
  choicesOf: (of: string, params: Params) => readonly Choice[] | undefined
  /** Those of the words a field takes that people choose, in the reader's language. */
  wordsOf: (name: string, words: readonly string[]) => readonly Choice[]
  controlOf?: (of: string, params: Params, field: Field) => ReactNode
  isAsked?: (name: string, params: Params) => boolean
  /** What is empty again when a field of that name changes. */
  emptiedBy?: Readonly<Record<string, readonly string[]>>
}

type Props = {
  /** A JSON Schema, as the server describes what an action needs. */
  schema: ParamsSchema
  words: ActionWords
  value?: Params
  onChange?: (params: Params) => void
  /** Written now and done later, as in macros and flows. */
  isKept?: boolean
}

/** The fields that an action asks for, made from its schema. */
export function ActionFields({ schema, words, value = {}, onChange = () => {}, isKept = false }: Props) {
  const fields = paramsOf(schema, isKept).filter(({ name }) => words.isAsked?.(name, value) ?? true)
  if (fields.length === 0) return null
  return (
    <div className={css.fields}>
      {fields.map(field => (
        <ActionField
          key={field.name}
          {...field}
          params={value}
          words={words}
          onChange={next =>
            onChange(withParam(schema, value, field.name, next, words.emptiedBy?.[field.name]))
          }
        />
      ))}
    </div>
  )
}

type FieldProps = Param & { params: Params; words: ActionWords; onChange: (value: unknown) => void }

function ActionField({ name, param, isRequired, params, words, onChange }: FieldProps) {
  const { t } = useTranslation()
  const label = t(`actionField.${name as 'text'}`, { defaultValue: name })
  const value = params[name] ?? undefined
  if (param.type === 'boolean' && !param.of)
    return (
      <Checkbox
        className={css.broad}
        checked={value === true}
        onChange={event => onChange(event.target.checked || undefined)}
      >
        {label}
      </Checkbox>
    )
  const own = param.of && words.controlOf?.(param.of, params, { value, onChange, label })
  return (
    <div className={`${css.field} ${isLong(param) ? css.broad : ''}`}>
      <span className={css.label}>{label}</span>
      {own || <Control {...{ name, param, isRequired, params, words, onChange, label, value }} />}
    </div>
  )
}

function Control({
  name,
  param,
  isRequired,
  params,
  words,
  onChange,
  label,
  value,
}: FieldProps & { label: string; value: unknown }) {
  const { t } = useTranslation()
  const isMany = param.type === 'array'
  const item = isMany ? (param.items ?? {}) : param
  const common = { 'aria-label': label, 'aria-required': isRequired }
  if (item.of || item.enum) {
    const choices = item.of ? words.choicesOf(item.of, params) : words.wordsOf(name, item.enum!)
    return (
      <Select
        {...common}
        {...(isMany && { mode: 'multiple' as const })}
        allowClear={!isRequired}
        showSearch={{ optionFilterProp: 'label' }}
        placeholder={isRequired ? undefined : t(isMany ? 'actionField.any' : 'actionField.none')}
        loading={choices === undefined}
        value={value}
        options={[...(choices ?? [])]}
        onChange={onChange}
      />
    )
  }
  if (isMany)
    return (
      <Select
        {...common}
        mode="tags"
        open={false}
        suffixIcon={null}
        tokenSeparators={[',', '，']}
        value={value ?? []}
        onChange={onChange}
      />
    )
  if (param.type === 'number' || param.type === 'integer')
    return (
      <InputNumber
        {...common}
        className={css.whole}
        min={param.minimum}
        max={param.maximum}
        precision={param.type === 'integer' ? 0 : undefined}
        value={value as number}
        onChange={onChange}
      />
    )
  if (param.format === 'date-time')
    return <MomentField {...common} value={(value as string) ?? ''} onChange={onChange} />
  const text = { ...common, dir: 'auto', maxLength: param.maxLength, value: (value as string) ?? '' }
  return isLong(param) ? (
    <GrowingArea {...text} minRows={2} onChange={event => onChange(event.target.value)} />
  ) : (
    <Input {...text} onChange={event => onChange(event.target.value)} />
  )
}

const isLong = ({ type, of, maxLength = 0 }: ParamSchema) => type === 'string' && !of && maxLength > 200
