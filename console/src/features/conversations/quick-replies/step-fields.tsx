import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Button, Dropdown, Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { ActionFields } from '../../../ui/action-form/action-fields.tsx'
import { isComplete, paramsFrom } from '../../../ui/action-form/params.ts'
import { useActionWords } from '../actions/action-words.tsx'
import { actionKinds, isForLater, useNameOfAction } from '../actions/api.ts'
import css from './quick-replies.module.css'

/** What is done to the conversation when it is used, in this order. What is said is the text itself. */
export function StepFields() {
  const { t } = useTranslation()
  const nameOf = useNameOfAction()
  const kinds = useQuery(actionKinds()).data ?? []
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
                items: kinds
                  .filter(kind => isForLater(kind) && !kind.sends)
                  .map(({ code, params }) => ({
                    key: code,
                    label: nameOf(code),
                    onClick: () => add({ code, params: paramsFrom(params, {}) }),
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
  const nameOf = useNameOfAction()
  const words = useActionWords()
  const code = Form.useWatch<string | undefined>(['steps', name, 'code']) ?? ''
  const schema = useQuery(actionKinds()).data?.find(kind => kind.code === code)?.params
  return (
    <div className={css.step}>
      <Form.Item name={[name, 'code']} hidden>
        <Input />
      </Form.Item>
      <span className={css.stepName}>{nameOf(code)}</span>
      <Form.Item
        name={[name, 'params']}
        className={css.param}
        rules={[
          {
            validator: async (_, params) => {
              if (schema && !isComplete(schema, params)) throw new Error(t('form.required'))
            },
          },
        ]}
      >
        <ActionFields schema={schema ?? {}} words={words} isKept />
      </Form.Item>
      <Button type="text" icon={<DeleteOutlined />} aria-label={t('action.remove')} onClick={onRemove} />
    </div>
  )
}
