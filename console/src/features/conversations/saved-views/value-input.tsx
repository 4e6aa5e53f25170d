import { Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { CountrySelect, LanguageSelect } from '../../../ui/choices.tsx'
import { MomentField } from '../../../ui/moment-field.tsx'
import type { Field } from './api.ts'
import { useChoices } from './choices.ts'
import css from './condition-builder.module.css'
import { Reference } from './reference.tsx'
import { fits, periods, type Span, shapeOf, spanUnits } from './shapes.ts'

type Props = { field: Field; operator: string; value: unknown; onChange: (value: unknown) => void }

/** What a question is compared with, edited as its shape wants it; a value of another shape counts as none. */
export function ValueInput({ field, operator, value, onChange }: Props) {
  const { t } = useTranslation()
  const shape = shapeOf(field, operator)
  const known = shape && fits(shape, value) ? value : undefined
  const common = { className: css.value, 'aria-label': t('condition.value'), onChange }
  switch (shape) {
    case 'line':
      return (
        <Line field={field} operator={operator} value={known as string | undefined} onChange={onChange} />
      )
    case 'number':
      return <InputNumber {...common} value={(known as number | undefined) ?? null} />
    case 'day':
      return (
        <Input
          {...common}
          type="date"
          value={known as string | undefined}
          onChange={event => onChange(event.target.value)}
        />
      )
    case 'moment':
      return <MomentInput value={known as string | undefined} onChange={onChange} />
    case 'period':
      return (
        <Select
          {...common}
          value={known}
          placeholder={t('condition.choose')}
          options={periods.map(value => ({ value, label: t(`condition.period.${value}`) }))}
        />
      )
    case 'span':
      return <SpanInput value={known as Span | undefined} onChange={onChange} />
    case 'list':
      return field.type === 'reference' ? (
        <Reference of={field.of} value={known as string[] | undefined} onChange={onChange} />
      ) : (
        <Words field={field} value={known as string[] | undefined} onChange={onChange} />
      )
    default:
      return null
  }
}

type Editor<T> = { value: T | undefined; onChange: (value: unknown) => void }

const codes: Record<string, typeof LanguageSelect> = {
  language: LanguageSelect,
  customer_country: CountrySelect,
}

function Line({ field, operator, value, onChange }: Editor<string> & { field: Field; operator: string }) {
  const { t } = useTranslation()
  const Named = operator === 'is' || operator === 'is_not' ? codes[field.code] : undefined
  if (Named)
    return (
      <Named
        className={css.value}
        aria-label={t('condition.value')}
        placeholder={t('condition.choose')}
        value={value}
        onChange={onChange}
      />
    )
  return (
    <Input
      className={css.value}
      aria-label={t('condition.value')}
      maxLength={1_000}
      value={value ?? ''}
      onChange={event => onChange(event.target.value)}
    />
  )
}

function MomentInput({ value, onChange }: Editor<string>) {
  const { t } = useTranslation()
  return (
    <MomentField
      className={css.value}
      aria-label={t('condition.value')}
      value={value ?? ''}
      onChange={onChange}
    />
  )
}

function SpanInput({ value, onChange }: Editor<Span>) {
  const { t } = useTranslation()
  const unit = value?.unit ?? 'hours'
  return (
    <span className={css.span}>
      <InputNumber
        min={1}
        max={10_000}
        precision={0}
        className={css.count}
        aria-label={t('condition.value')}
        value={value?.n ?? null}
        onChange={n => onChange(n ? { n, unit } : '')}
      />
      <Select
        aria-label={t('condition.unitTitle')}
        popupMatchSelectWidth={false}
        value={unit}
        options={spanUnits.map(value => ({ value, label: t(`condition.unit.${value}`) }))}
        onChange={unit => onChange({ n: value?.n ?? 1, unit })}
      />
    </span>
  )
}

function Words({ field, value, onChange }: Editor<string[]> & { field: Field }) {
  const { t } = useTranslation()
  const choices = useChoices(field)
  return (
    <Select
      mode={choices ? 'multiple' : 'tags'}
      className={css.value}
      aria-label={t('condition.value')}
      placeholder={t(choices ? 'condition.choose' : 'condition.type')}
      optionFilterProp="label"
      suffixIcon={choices ? undefined : null}
      open={choices ? undefined : false}
      tokenSeparators={[',', '，']}
      value={value ?? []}
      options={choices ?? []}
      onChange={onChange}
    />
  )
}
