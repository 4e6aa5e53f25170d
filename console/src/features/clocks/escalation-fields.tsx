import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import { staffList, teamList } from '../staff/api.ts'
import css from './clocks.module.css'
import type { EscalationValues } from './policy-values.ts'

/** What happens as time runs out, one line a step. */
export function EscalationFields() {
  const { t } = useTranslation()
  return (
    <Form.Item label={t('clockPolicy.escalations')}>
      <Form.List name="escalations">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <EscalationLine key={key} name={name} onRemove={() => remove(name)} />
            ))}
            <Button
              size="small"
              icon={<PlusOutlined />}
              onClick={() => add({ when: 'fraction', amount: 90, do: 'notify', whom: 'assignee' })}
            >
              {t('clockPolicy.addEscalation')}
            </Button>
          </>
        )}
      </Form.List>
    </Form.Item>
  )
}

function EscalationLine({ name, onRemove }: { name: number; onRemove: () => void }) {
  const { t } = useTranslation()
  const step = Form.useWatch<EscalationValues | undefined>(['escalations', name])
  const teams = useQuery(teamList()).data?.items ?? []
  const people = useQuery(staffList()).data?.items ?? []
  const required = [{ required: true, message: t('form.required') }]
  const words = <T extends string>(list: readonly T[], of: (value: T) => string) =>
    list.map(value => ({ value, label: of(value) }))
  return (
    <div className={css.step}>
      <div className={css.inline}>
        <Form.Item name={[name, 'when']} noStyle>
          <Select
            style={{ width: 'auto' }}
            popupMatchSelectWidth={false}
            options={words(['fraction', 'after'] as const, value => t(`clockPolicy.when.${value}`))}
          />
        </Form.Item>
        <Form.Item name={[name, 'amount']} noStyle rules={required}>
          <InputNumber min={1} max={step?.when === 'after' ? 43_200 : 100} style={{ width: 84 }} />
        </Form.Item>
        <Form.Item name={[name, 'do']} noStyle>
          <Select
            style={{ width: 'auto' }}
            popupMatchSelectWidth={false}
            options={words(['notify', 'raise_priority', 'reassign', 'note'] as const, value =>
              t(`clockPolicy.doOf.${value}`),
            )}
          />
        </Form.Item>
        {step?.do === 'notify' && (
          <Form.Item name={[name, 'whom']} noStyle rules={required}>
            <Select
              style={{ width: 'auto' }}
              popupMatchSelectWidth={false}
              options={words(['assignee', 'team', 'supervisors'] as const, value =>
                t(`clockPolicy.whom.${value}`),
              )}
            />
          </Form.Item>
        )}
        {step?.do === 'raise_priority' && (
          <Form.Item name={[name, 'to']} noStyle rules={required}>
            <Select
              style={{ width: 'auto' }}
              options={words(['high', 'urgent'] as const, value => t(`priority.${value}`))}
            />
          </Form.Item>
        )}
        {step?.do === 'reassign' && (
          <Form.Item name={[name, 'teamId']} noStyle>
            <Select
              allowClear
              placeholder={t('clockPolicy.backToQueue')}
              style={{ width: 'auto' }}
              popupMatchSelectWidth={false}
              options={teams.map(({ id, name: label }) => ({ value: id, label }))}
            />
          </Form.Item>
        )}
        {step?.do === 'note' && (
          <Form.Item name={[name, 'mentionId']} noStyle rules={required}>
            <Select
              style={{ width: 'auto' }}
              popupMatchSelectWidth={false}
              options={people.map(({ id, name: label }) => ({ value: id, label }))}
            />
          </Form.Item>
        )}
        <Button type="text" icon={<DeleteOutlined />} aria-label={t('action.remove')} onClick={onRemove} />
      </div>
      {step?.do === 'note' && (
        <Form.Item name={[name, 'text']} noStyle rules={required}>
          <Input placeholder={t('clockPolicy.noteText')} maxLength={2_000} />
        </Form.Item>
      )}
    </div>
  )
}
