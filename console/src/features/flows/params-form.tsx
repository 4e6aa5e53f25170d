import { useQuery } from '@tanstack/react-query'
import { Checkbox, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { statusLabels } from '../conversations/api.ts'
import { contactReasons } from '../conversations/reasons/api.ts'
import { conditionFields } from '../conversations/saved-views/api.ts'
import { storeList } from '../settings/api.ts'
import { roleList, useStaff, useTeams } from '../staff/api.ts'
import css from './flows.module.css'

/** As much of JSON Schema as actions and triggers use. */
export type Shape = {
  type?: string
  enum?: string[]
  anyOf?: Shape[]
  items?: Shape
  of?: string
  properties?: Record<string, Shape>
  minimum?: number
  maximum?: number
  maxLength?: number
}

type Params = Record<string, unknown>
type Props = { shape: Shape; params: Params; onChange: (params: Params) => void }

/** What only those who talk to a customer at this moment know. */
const notForRules = new Set(['lastSeenSeq', 'until'])

/** A form made of what an action or a trigger says that it needs. */
export function ParamsForm({ shape, params, onChange }: Props) {
  const fields = Object.entries(shape.properties ?? {}).filter(([name]) => !notForRules.has(name))
  if (fields.length === 0) return null
  const set = (name: string) => (value: unknown) => {
    const { [name]: _, ...others } = params
    onChange(value === undefined || value === '' ? others : { ...others, [name]: value })
  }
  return (
    <div className={css.fields}>
      {fields.map(([name, field]) => (
        <ParamField key={name} name={name} shape={field} value={params[name]} onChange={set(name)} />
      ))}
    </div>
  )
}

type FieldProps = { name: string; shape: Shape; value: unknown; onChange: (value: unknown) => void }

function ParamField({ name, shape, value, onChange }: FieldProps) {
  const { t } = useTranslation()
  const label = t(`flows.param.${name as 'text'}`, { defaultValue: name })
  const one = shape.anyOf?.find(({ type }) => type !== 'null') ?? shape
  const isLong = name === 'text' || name === 'note'
  if (one.type === 'boolean')
    return (
      <div className={css.field}>
        <Checkbox checked={value === true} onChange={event => onChange(event.target.checked || undefined)}>
          {label}
        </Checkbox>
      </div>
    )
  return (
    <label className={`${css.field} ${isLong ? css.broad : ''}`}>
      {label}
      <Control name={name} shape={one} value={value} onChange={onChange} />
    </label>
  )
}

function Control({ name, shape, value, onChange }: FieldProps) {
  const { t } = useTranslation()
  const spellChoice = useSpellChoice(name)
  const item = shape.type === 'array' ? (shape.items ?? {}) : shape
  const options = useOptions(item.of ?? (name === 'field' ? 'moment' : undefined))
  const chosen = item.enum?.map(word => ({ value: word, label: spellChoice(word) })) ?? options
  const filter = { optionFilterProp: 'label' } as const
  if (shape.type === 'array')
    return chosen ? (
      <Select
        mode="multiple"
        showSearch={filter}
        placeholder={item.enum && t('flows.any')}
        value={(value as string[]) ?? []}
        options={chosen}
        onChange={list => onChange(list)}
      />
    ) : (
      <Select
        mode="tags"
        open={false}
        suffixIcon={null}
        tokenSeparators={[',', '，']}
        value={(value as string[]) ?? []}
        onChange={list => onChange(list)}
      />
    )
  if (chosen)
    return (
      <Select
        allowClear
        showSearch={filter}
        value={value as string}
        options={chosen}
        onChange={one => onChange(one)}
      />
    )
  if (shape.type === 'integer' || shape.type === 'number')
    return (
      <InputNumber
        className={css.number}
        min={shape.minimum ?? 0}
        max={shape.maximum ?? 1_000_000}
        value={value as number}
        onChange={n => onChange(n ?? undefined)}
      />
    )
  return name === 'text' || name === 'note' ? (
    <Input.TextArea
      autoSize={{ minRows: 2, maxRows: 8 }}
      maxLength={shape.maxLength}
      value={(value as string) ?? ''}
      onChange={event => onChange(event.target.value)}
    />
  ) : (
    <Input value={(value as string) ?? ''} onChange={event => onChange(event.target.value)} />
  )
}

/** A word of a closed list, from where the console already has it. */
function useSpellChoice(param: string) {
  const { t } = useTranslation()
  const keys: Record<string, string> = {
    category: 'status',
    priority: 'priority',
    kinds: 'clock.kind',
  }
  return (word: string) =>
    t(`${keys[param] ?? 'flows.choice'}.${word}` as 'flows.choice.low', {
      defaultValue: t(`flows.choice.${word as 'low'}`, { defaultValue: word }),
    })
}

function useOptions(of: string | undefined) {
  const { i18n } = useTranslation()
  const isZh = i18n.language.startsWith('zh')
  const staff = useStaff()
  const teams = useTeams()
  const stores = useQuery({ ...storeList(), enabled: of === 'store' }).data?.items
  const roles = useQuery({ ...roleList(), enabled: of === 'role' }).data?.items
  const labels = useQuery({ ...statusLabels(), enabled: of === 'status_label' }).data?.items
  const reasons = useQuery({ ...contactReasons(), enabled: of === 'contact_reason' }).data?.items
  const fields = useQuery({ ...conditionFields(), enabled: of === 'moment' }).data?.fields
  const byId = (list: readonly { id: string; name: string }[] | undefined) =>
    list?.map(({ id, name }) => ({ value: id, label: name })) ?? []
  if (of === 'staff') return byId(staff?.filter(({ deactivatedAt }) => !deactivatedAt))
  if (of === 'team') return byId(teams)
  if (of === 'store') return byId(stores)
  if (of === 'role') return byId(roles)
  if (of === 'status_label') return byId(labels)
  if (of === 'contact_reason')
    return (reasons ?? []).map(({ code, nameZh, nameEn }) => ({ value: code, label: isZh ? nameZh : nameEn }))
  if (of === 'moment')
    return (fields ?? [])
      .filter(({ type }) => type === 'instant')
      .map(({ code, zh, en }) => ({ value: code, label: isZh ? zh : en }))
  return undefined
}
