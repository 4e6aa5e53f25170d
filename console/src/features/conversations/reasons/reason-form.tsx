import { Form, Input, InputNumber, Select, Switch } from 'antd'
import { useTranslation } from 'react-i18next'
import { RecordDrawer } from '../../../ui/record-form.tsx'
import { type ContactReason, useSaveReason, useSpellReason } from './api.ts'

type Values = Omit<ContactReason, 'groupCode'>

const automations = ['full', 'draft', 'never', 'route', 'self_service'] as const
const blank = {
  automation: 'draft',
  position: 0,
  isActive: true,
  strategyZh: '',
  strategyEn: '',
  summaryTemplate: { wanted: '', done: '', promised: '' },
} as const

export function ReasonForm({ reason, onClose }: { reason: ContactReason | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  const { nameOf } = useSpellReason()
  const save = useSaveReason(reason?.code)
  const required = [{ required: true, whitespace: true, message: t('form.required') }]
  const isReason = !reason || reason.groupCode !== null
  return (
    <RecordDrawer<Values>
      title={reason ? nameOf(reason) : t('reason.new')}
      open
      onClose={onClose}
      initial={reason ?? { ...blank, ownerDepartment: '' }}
      save={({ code, ...values }) => save.mutateAsync({ ...values, code: reason?.code ?? code })}
    >
      {!reason && (
        <Form.Item name="code" label={t('reason.code')} extra={t('reason.codeHint')} rules={required}>
          <Input autoFocus maxLength={80} />
        </Form.Item>
      )}
      <Form.Item name="nameZh" label={t('reason.nameZh')} rules={required}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="nameEn" label={t('reason.nameEn')} rules={required}>
        <Input maxLength={80} />
      </Form.Item>
      {isReason && (
        <>
          <Form.Item name="strategyZh" label={t('reason.strategyZh')} extra={t('reason.strategyHint')}>
            <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} maxLength={4_000} />
          </Form.Item>
          <Form.Item name="strategyEn" label={t('reason.strategyEn')}>
            <Input.TextArea autoSize={{ minRows: 3, maxRows: 10 }} maxLength={4_000} />
          </Form.Item>
          <Form.Item label={t('closing.template')} extra={t('closing.templateHint')}>
            {(['wanted', 'done', 'promised'] as const).map(part => (
              <Form.Item key={part} name={['summaryTemplate', part]} noStyle>
                <Input.TextArea
                  autoSize={{ minRows: 1, maxRows: 4 }}
                  maxLength={2_000}
                  placeholder={t(`closing.${part}`)}
                  aria-label={t(`closing.${part}`)}
                />
              </Form.Item>
            ))}
          </Form.Item>
          <Form.Item name="automation" label={t('reason.automationLabel')}>
            <Select options={automations.map(value => ({ value, label: t(`reason.automation.${value}`) }))} />
          </Form.Item>
          <Form.Item name="ownerDepartment" label={t('reason.department')}>
            <Input maxLength={80} />
          </Form.Item>
        </>
      )}
      <Form.Item name="position" label={t('reason.position')}>
        <InputNumber min={0} max={100_000} />
      </Form.Item>
      <Form.Item
        name="isActive"
        label={t('reason.isActive')}
        extra={t('reason.isActiveHint')}
        valuePropName="checked"
      >
        <Switch />
      </Form.Item>
    </RecordDrawer>
  )
}
