import { CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { AntDValueSelector, QueryBuilderAntD } from '@react-querybuilder/antd'
import { Button, Checkbox, InputNumber, Select, Tooltip } from 'antd'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import {
  type ActionProps,
  type FullCombinator,
  type FullField,
  type FullOperator,
  type MatchModeEditorProps,
  type NotToggleProps,
  QueryBuilder,
  type QueryBuilderProps,
  type RuleGroupType,
  type RuleType,
  type ValueEditorProps,
  type ValueSelectorProps,
} from 'react-querybuilder'
import type { ConditionFields, Field } from './api.ts'
import css from './condition-builder.module.css'
import { knownOperators } from './shapes.ts'
import { keptField, relationField } from './tree.ts'
import { ValueInput } from './value-input.tsx'

type Props = {
  tree: RuleGroupType
  fields: ConditionFields
  /** Rules that were refused, or that lack a value where it is asked for. */
  faulty: readonly string[]
  onChange: (tree: RuleGroupType) => void
}

type BuilderField = { name: string; label: string; field?: Field }
type Settings = QueryBuilderProps<RuleGroupType, FullField, FullOperator, FullCombinator>

/** A condition to be put together of fields, groups and related records. */
export function ConditionBuilder({ tree, fields, faulty, onChange }: Props) {
  const { t, i18n } = useTranslation()
  const isKeeping = hasKept(tree)
  const shared = useMemo(() => {
    const named = ({ zh, en }: { zh: string; en: string }) => (i18n.language.startsWith('zh') ? zh : en)
    const fieldOf = (field: Field): BuilderField => ({ name: field.code, label: named(field), field })
    const modes = (['some', 'none', 'atLeast'] as const).map(name => ({
      name,
      label: t(`condition.match.${name}`),
    }))
    const own = [
      { label: t('condition.own'), options: fields.fields.map(fieldOf) },
      {
        label: t('condition.related'),
        options: fields.relations.map(relation => ({
          name: relationField(relation.code),
          label: named(relation),
          matchModes: modes,
          subproperties: relation.fields.map(fieldOf),
        })),
      },
      ...(isKeeping
        ? [{ label: t('condition.kept'), options: [{ name: keptField, label: t('condition.kept') }] }]
        : []),
    ]
    const settings = {
      combinators: (['and', 'or'] as const).map(name => ({ name, label: t(`condition.combinator.${name}`) })),
      controlElements: controls,
      controlClassnames: { queryBuilder: css.builder },
      getOperators: (_: string, { fieldData }: { fieldData: unknown }) => {
        const { field } = fieldData as BuilderField
        return field
          ? knownOperators(field).map(name => ({ name, label: t(`condition.operator.${name as 'is'}`) }))
          : null
      },
      getDefaultValue: () => '',
      getRuleClassname: ({ id }: RuleType) => (faulty.includes(id ?? '') ? css.faulty! : ''),
      translations: {
        addRule: { label: t('condition.addRule'), title: t('condition.addRule') },
        addGroup: { label: t('condition.addGroup'), title: t('condition.addGroup') },
        removeRule: { title: t('action.remove'), label: <CloseOutlined /> },
        removeGroup: { title: t('action.remove'), label: <CloseOutlined /> },
        notToggle: { label: t('condition.not'), title: t('condition.notTitle') },
        fields: { title: t('condition.field') },
        operators: { title: t('condition.is') },
        value: { title: t('condition.value') },
        combinators: { title: t('condition.combine') },
      },
      showNotToggle: true,
      resetOnFieldChange: true,
      resetOnOperatorChange: false,
      suppressStandardClassnames: false,
    }
    return { fields: own, settings, ofRelated: () => settings as never }
  }, [t, i18n.language, fields, faulty, isKeeping])

  return (
    <QueryBuilderAntD>
      <QueryBuilder
        {...(shared.settings as unknown as Settings)}
        fields={shared.fields as unknown as FullField[]}
        getSubQueryBuilderProps={shared.ofRelated}
        getDefaultField="category"
        query={tree}
        onQueryChange={next => onChange(next as RuleGroupType)}
      />
    </QueryBuilderAntD>
  )
}

const hasKept = (tree: RuleGroupType): boolean =>
  tree.rules.some(part =>
    typeof part === 'string' ? false : 'rules' in part ? hasKept(part) : part.field === keptField,
  )

function Selector({ options, ...props }: ValueSelectorProps) {
  return (
    <AntDValueSelector
      {...props}
      options={options}
      {...{ size: 'middle', showSearch: true, 'aria-label': props.title, listHeight: 340 }}
    />
  )
}

const Combinator = ({ title, value, options, handleOnChange }: ValueSelectorProps) => (
  <Select
    variant="borderless"
    className={css.combinator}
    popupMatchSelectWidth={false}
    aria-label={title}
    value={value}
    options={options as { label: string; value: string }[]}
    onChange={handleOnChange}
  />
)

const Not = ({ label, title, checked, handleOnChange }: NotToggleProps) => (
  <Tooltip title={title}>
    <Checkbox checked={checked ?? false} onChange={event => handleOnChange(event.target.checked)}>
      {label}
    </Checkbox>
  </Tooltip>
)

const Add = ({ label, handleOnClick, className }: ActionProps) => (
  <Button
    type="text"
    size="small"
    icon={<PlusOutlined />}
    className={className}
    onClick={event => handleOnClick(event)}
  >
    {label}
  </Button>
)

const Remove = ({ label, title, handleOnClick, className }: ActionProps) => (
  <Button
    type="text"
    size="small"
    icon={label}
    aria-label={title}
    className={`${className} ${css.remove}`}
    onClick={event => handleOnClick(event)}
  />
)

/** As many as there must be; of less than two there is no need to count. */
function Match({ match, options, title, handleOnChange }: MatchModeEditorProps) {
  return (
    <>
      <Select
        popupMatchSelectWidth={false}
        aria-label={title}
        value={match.mode}
        options={options as unknown as { label: string; value: string }[]}
        onChange={mode =>
          handleOnChange(mode === 'atLeast' ? { mode, threshold: match.threshold ?? 2 } : { mode })
        }
      />
      {match.mode === 'atLeast' && (
        <InputNumber
          min={1}
          max={1_000}
          precision={0}
          aria-label={title}
          className={css.count}
          value={match.threshold ?? 2}
          onChange={threshold => handleOnChange({ mode: 'atLeast', threshold: threshold ?? 1 })}
        />
      )}
    </>
  )
}

function Value({ fieldData, operator, value, handleOnChange, rule }: ValueEditorProps) {
  const { t } = useTranslation()
  if (rule.field === keptField)
    return (
      <code className={css.kept} title={t('condition.keptTitle')}>
        {JSON.stringify(value)}
      </code>
    )
  const { field } = fieldData as unknown as BuilderField
  return field ? (
    <ValueInput field={field} operator={operator} value={value} onChange={handleOnChange} />
  ) : null
}

const Operator = (props: ValueSelectorProps) =>
  (props as { field?: string }).field === keptField ? null : <Selector {...props} />

const controls = {
  fieldSelector: Selector,
  operatorSelector: Operator,
  combinatorSelector: Combinator,
  notToggle: Not,
  addRuleAction: Add,
  addGroupAction: Add,
  removeRuleAction: Remove,
  removeGroupAction: Remove,
  matchModeEditor: Match,
  valueEditor: Value,
}
