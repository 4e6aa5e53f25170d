import { ArrowDownOutlined, ArrowUpOutlined, CloseOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Checkbox, Dropdown, InputNumber, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ActionFields } from '../../ui/action-form/action-fields.tsx'
import { paramsFrom } from '../../ui/action-form/params.ts'
import { useActionWords } from '../conversations/actions/action-words.tsx'
import { actionKinds, isForLater } from '../conversations/actions/api.ts'
import { type ConditionFields, conditionFields } from '../conversations/saved-views/api.ts'
import { ConditionBuilder } from '../conversations/saved-views/condition-builder.tsx'
import { toCondition, toTree } from '../conversations/saved-views/tree.ts'
import { type Step, triggerList, waitUnits } from './api.ts'
import css from './flows.module.css'
import { useSpellFlow } from './spell-flow.ts'

type Props = { steps: Step[]; at: string; faultyAt: string | undefined; onChange: (steps: Step[]) => void }

/** Steps from top to bottom; a branch holds two lists of its own. */
export function StepList({ steps, at, faultyAt, onChange }: Props) {
  const { t } = useTranslation()
  const set = (n: number) => (step: Step) => onChange(steps.with(n, step))
  const swap = (n: number, to: number) => onChange(steps.with(n, steps[to]!).with(to, steps[n]!))
  return (
    <>
      <ol className={css.steps}>
        {steps.map((step, n) => {
          const place = `${at}.${n}`
          return (
            <li key={n} className={`${css.step} ${faultyAt?.startsWith(place) ? css.faulty : ''}`}>
              <header className={css.stepHead}>
                <Title step={step} />
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowUpOutlined />}
                  aria-label={t('flows.stepUp')}
                  disabled={n === 0}
                  onClick={() => swap(n, n - 1)}
                />
                <Button
                  type="text"
                  size="small"
                  icon={<ArrowDownOutlined />}
                  aria-label={t('flows.stepDown')}
                  disabled={n === steps.length - 1}
                  onClick={() => swap(n, n + 1)}
                />
                <Button
                  type="text"
                  size="small"
                  icon={<CloseOutlined />}
                  aria-label={t('action.remove')}
                  onClick={() => onChange(steps.toSpliced(n, 1))}
                />
              </header>
              <Body step={step} place={place} faultyAt={faultyAt} onChange={set(n)} />
            </li>
          )
        })}
      </ol>
      <Add onAdd={step => onChange([...steps, step])} />
    </>
  )
}

function Title({ step }: { step: Step }) {
  const { t } = useTranslation()
  const spell = useSpellFlow()
  const name =
    step.do === 'act'
      ? spell.action(step.action.code)
      : step.do === 'wait'
        ? t('flows.wait')
        : t(`flows.${step.do}`)
  return <strong>{name}</strong>
}

function Add({ onAdd }: { onAdd: (step: Step) => void }) {
  const { t } = useTranslation()
  const spell = useSpellFlow()
  const kinds = useQuery(actionKinds()).data ?? []
  const own: Record<string, Step> = {
    wait: { do: 'wait', n: 1, unit: 'days' },
    branch: { do: 'branch', if: { all: [] }, yes: [], no: [] },
    stop: { do: 'stop' },
  }
  const items = [
    ...kinds.filter(isForLater).map(({ code }) => ({ key: `act:${code}`, label: spell.action(code) })),
    { type: 'divider' as const },
    ...(['wait', 'branch', 'stop'] as const).map(key => ({ key, label: t(`flows.${key}`) })),
  ]
  function add({ key }: { key: string }) {
    const kind = kinds.find(({ code }) => key === `act:${code}`)
    onAdd(kind ? { do: 'act', action: { code: kind.code, params: paramsFrom(kind.params, {}) } } : own[key]!)
  }
  return (
    <Dropdown trigger={['click']} menu={{ items, onClick: add }}>
      <Button size="small" icon={<PlusOutlined />} className={css.add}>
        {t('flows.addStep')}
      </Button>
    </Dropdown>
  )
}

type BodyProps<S = Step> = {
  step: S
  place: string
  faultyAt: string | undefined
  onChange: (step: Step) => void
}

function Body({ step, ...rest }: BodyProps) {
  if (step.do === 'act') return <Act step={step} {...rest} />
  if (step.do === 'wait') return <Wait step={step} {...rest} />
  return step.do === 'branch' ? <Branch step={step} {...rest} /> : null
}

function Act({ step, onChange }: BodyProps<Extract<Step, { do: 'act' }>>) {
  const { t } = useTranslation()
  const words = useActionWords()
  const schema = useQuery(actionKinds()).data?.find(({ code }) => code === step.action.code)?.params
  return (
    <>
      {schema && (
        <ActionFields
          isKept
          schema={schema}
          words={words}
          value={step.action.params}
          onChange={params => onChange({ ...step, action: { ...step.action, params } })}
        />
      )}
      <div className={css.fields}>
        <div className={css.field}>
          {t('flows.ifRefused')}
          <Select
            aria-label={t('flows.ifRefused')}
            value={step.ifRefused ?? 'go_on'}
            options={(['go_on', 'stop'] as const).map(value => ({
              value,
              label: t(`flows.refusal.${value}`),
            }))}
            onChange={ifRefused => onChange({ ...step, ifRefused })}
          />
        </div>
      </div>
    </>
  )
}

function Wait({ step, onChange }: BodyProps<Extract<Step, { do: 'wait' }>>) {
  const { t } = useTranslation()
  const spell = useSpellFlow()
  const triggers = useQuery(triggerList()).data ?? []
  return (
    <div className={css.fields}>
      <div className={css.field}>
        {t('flows.waitFor')}
        <span className={css.place}>
          <InputNumber
            aria-label={t('flows.waitFor')}
            min={1}
            max={100_000}
            precision={0}
            value={step.n}
            onChange={n => onChange({ ...step, n: n ?? 1 })}
          />
          <Select
            aria-label={t('flows.wait')}
            popupMatchSelectWidth={false}
            value={step.unit}
            options={waitUnits.map(value => ({ value, label: t(`flows.unit.${value}`) }))}
            onChange={unit => onChange({ ...step, unit })}
          />
        </span>
      </div>
      <div className={css.field}>
        {t('flows.orUntil')}
        <Select
          allowClear
          aria-label={t('flows.orUntil')}
          placeholder={t('flows.orUntilNothing')}
          value={step.orUntil ?? undefined}
          options={triggers.map(({ code }) => ({ value: code, label: spell.trigger(code) }))}
          onChange={orUntil => onChange({ ...step, orUntil: orUntil ?? null })}
        />
      </div>
      <Checkbox
        className={css.broad}
        checked={step.onlyIfStill ?? false}
        onChange={event => onChange({ ...step, onlyIfStill: event.target.checked })}
      >
        {t('flows.onlyIfStill')}
      </Checkbox>
    </div>
  )
}

function Branch({ step, place, faultyAt, onChange }: BodyProps<Extract<Step, { do: 'branch' }>>) {
  const { t } = useTranslation()
  const fields = useQuery(conditionFields()).data
  return (
    <>
      {fields && (
        <Asked condition={step.if} fields={fields} onChange={asked => onChange({ ...step, if: asked })} />
      )}
      {(['yes', 'no'] as const).map(way => (
        <section key={way} className={css.way}>
          <h4>{t(`flows.${way}`)}</h4>
          <StepList
            steps={step[way]}
            at={`${place}.${way}`}
            faultyAt={faultyAt}
            onChange={steps => onChange({ ...step, [way]: steps })}
          />
        </section>
      ))}
    </>
  )
}

type Condition = Extract<Step, { do: 'branch' }>['if']

/** The builder keeps unfinished rules, which stand in no condition yet. */
export function Asked({
  condition,
  fields,
  onChange,
}: {
  condition: Condition
  fields: ConditionFields
  onChange: (condition: Condition) => void
}) {
  const [tree, setTree] = useState(() => toTree(condition, fields))
  return (
    <ConditionBuilder
      tree={tree}
      fields={fields}
      faulty={[]}
      onChange={next => {
        setTree(next)
        onChange(toCondition(next, fields).condition)
      }}
    />
  )
}
