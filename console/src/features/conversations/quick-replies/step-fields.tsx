import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Form, Input, Select, Tag } from 'antd'
import { useTranslation } from 'react-i18next'
import { staffList, teamList } from '../../staff/api.ts'
import { categories, priorities } from '../api.ts'
import { type OwnValue, ownFields, useNameOfField } from '../own-fields/api.ts'
import { OwnFieldInput } from '../own-fields/own-field-input.tsx'
import { ReasonSelect } from '../reasons/reason-select.tsx'
import type { Step } from './api.ts'
import css from './quick-replies.module.css'
import { conversationActions, freshSteps, useNameOfStep } from './steps.ts'

type ParamsProps = { code: string; value?: Step['params']; onChange?: (params: Step['params']) => void }

/** What is done to the conversation when it is used, in this order. */
export function StepFields() {
  const { t } = useTranslation()
  const nameOf = useNameOfStep()
  const known = useQuery(conversationActions()).data?.items ?? []
  return (
    <Form.Item label={t('quickReply.steps')} extra={t('quickReply.stepsHint')}>
      <Form.List name="steps">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <StepLine key={key} name={name} onRemove={() => remove(name)} />
            ))}
            <Dropdown
              trigger={['click']}
              menu={{
                items: known
                  .filter(({ code }) => code in freshSteps)
                  .map(({ code }) => ({
                    key: code,
                    label: nameOf(code),
                    onClick: () => add({ code, params: freshSteps[code] }),
                  })),
              }}
            >
              <Button size="small" icon={<PlusOutlined />}>
                {t('quickReply.addStep')}
              </Button>
            </Dropdown>
          </>
        )}
      </Form.List>
    </Form.Item>
  )
}

function StepLine({ name, onRemove }: { name: number; onRemove: () => void }) {
  const { t } = useTranslation()
  const nameOf = useNameOfStep()
  const code = Form.useWatch<string | undefined>(['steps', name, 'code']) ?? ''
  return (
    <div className={css.step}>
      <Form.Item name={[name, 'code']} hidden>
        <Input />
      </Form.Item>
      <span className={css.stepName}>{nameOf(code)}</span>
      <Form.Item name={[name, 'params']} noStyle>
        <Params code={code} />
      </Form.Item>
      <Button type="text" icon={<DeleteOutlined />} aria-label={t('action.remove')} onClick={onRemove} />
    </div>
  )
}

const parties = ['carrier', 'supplier', 'bank'] as const

function Params({ code, value = {}, onChange = () => {} }: ParamsProps) {
  const { t } = useTranslation()
  const nameOf = useNameOfStep()
  const label = nameOf(code)
  if (code === 'set_priority')
    return (
      <Select
        aria-label={label}
        className={css.param}
        value={value.priority}
        options={priorities.map(priority => ({ value: priority, label: t(`priority.${priority}`) }))}
        onChange={priority => onChange({ priority })}
      />
    )
  if (code === 'set_status')
    return (
      <>
        <Select
          aria-label={label}
          className={css.param}
          value={value.category}
          options={categories
            .filter(category => category !== 'new' && category !== 'scheduled')
            .map(category => ({ value: category, label: t(`status.${category}`) }))}
          onChange={category => onChange({ category })}
        />
        {value.category === 'waiting_third_party' && (
          <Select
            aria-label={t('quickReply.field.waitingFor')}
            className={css.param}
            allowClear
            placeholder={t('quickReply.field.waitingFor')}
            value={value.waitingFor}
            options={parties.map(party => ({ value: party, label: t(`quickReply.waitingFor.${party}`) }))}
            onChange={waitingFor => onChange({ ...value, waitingFor })}
          />
        )}
      </>
    )
  if (code === 'add_tags' || code === 'remove_tags')
    return (
      <Select
        mode="tags"
        aria-label={label}
        className={css.param}
        value={value.tags as string[]}
        open={false}
        suffixIcon={null}
        tokenSeparators={[',', '，']}
        onChange={tags => onChange({ tags })}
      />
    )
  if (code === 'set_reason')
    return (
      <div className={css.param}>
        <ReasonSelect
          value={(value.reason as string | undefined) ?? null}
          onChange={reason => onChange({ reason })}
        />
      </div>
    )
  if (code === 'add_note')
    return (
      <Input.TextArea
        aria-label={label}
        className={css.param}
        autoSize={{ minRows: 1, maxRows: 6 }}
        value={value.text as string}
        placeholder={t('quickReply.noteText')}
        onChange={event => onChange({ ...value, text: event.target.value })}
      />
    )
  if (code === 'set_field') return <FieldTo code={code} value={value} onChange={onChange} />
  if (code === 'assign') return <AssignTo code={code} value={value} onChange={onChange} />
  return <Tag>{code}</Tag>
}

function AssignTo({ code, value = {}, onChange = () => {} }: ParamsProps) {
  const { t } = useTranslation()
  const nameOf = useNameOfStep()
  const people = useQuery(staffList()).data?.items ?? []
  const teams = useQuery(teamList()).data?.items ?? []
  const chosen = value.staffId ? `staff:${value.staffId}` : value.teamId ? `team:${value.teamId}` : 'nobody'
  const options = [
    { value: 'nobody', label: t('conversation.backToQueue') },
    {
      label: t('transfer.teams'),
      options: teams.map(({ id, name }) => ({ value: `team:${id}`, label: name })),
    },
    {
      label: t('transfer.people'),
      options: people.map(({ id, name }) => ({ value: `staff:${id}`, label: name })),
    },
  ]
  return (
    <Select
      aria-label={nameOf(code)}
      className={css.param}
      showSearch={{ optionFilterProp: 'label' }}
      value={chosen}
      options={options}
      onChange={to => {
        const [kind, id] = to.split(':')
        onChange(kind === 'team' ? { staffId: null, teamId: id } : { staffId: kind === 'staff' ? id : null })
      }}
    />
  )
}

function FieldTo({ code, value = {}, onChange = () => {} }: ParamsProps) {
  const nameOf = useNameOfStep()
  const nameOfField = useNameOfField()
  const fields = (useQuery(ownFields()).data?.items ?? []).filter(({ isActive }) => isActive)
  const field = fields.find(({ key }) => key === value.key)
  return (
    <>
      <Select
        aria-label={nameOf(code)}
        className={css.param}
        value={value.key}
        options={fields.map(field => ({ value: field.key, label: nameOfField(field) }))}
        onChange={key => onChange({ key, value: null })}
      />
      {field && (
        <div className={css.param}>
          <OwnFieldInput
            field={field}
            value={value.value as OwnValue}
            onChange={filled => onChange({ key: field.key, value: filled })}
          />
        </div>
      )}
    </>
  )
}
