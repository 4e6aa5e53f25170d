import { DeleteOutlined, PlusOutlined } from '@ant-design/icons'
import { Button, Form, Input, Select } from 'antd'
import { useTranslation } from 'react-i18next'
import css from './giver.module.css'

type Props = {
  claim: 'roleClaim' | 'teamClaim'
  map: 'roleMap' | 'teamMap'
  label: string
  choices: { id: string; name: string }[]
}

/** The name of a claim, and what each of its values stands for here. */
export function ClaimMapFields({ claim, map, label, choices }: Props) {
  const { t } = useTranslation()
  const required = [{ required: true, message: t('form.required') }]
  return (
    <div className={css.map}>
      <Form.Item name={claim} label={label}>
        <Input dir="ltr" maxLength={200} placeholder={t('giver.claimHint')} />
      </Form.Item>
      <Form.List name={map}>
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className={css.pair}>
                <Form.Item name={[name, 'value']} rules={required} noStyle>
                  <Input
                    dir="ltr"
                    maxLength={200}
                    aria-label={t('giver.value')}
                    placeholder={t('giver.value')}
                  />
                </Form.Item>
                <Form.Item name={[name, 'id']} rules={required} noStyle>
                  <Select
                    aria-label={label}
                    options={choices.map(({ id, name }) => ({ value: id, label: name }))}
                  />
                </Form.Item>
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t('action.remove')}
                  onClick={() => remove(name)}
                />
              </div>
            ))}
            <Button size="small" type="link" icon={<PlusOutlined />} onClick={() => add({ value: '' })}>
              {t('giver.addValue')}
            </Button>
          </>
        )}
      </Form.List>
    </div>
  )
}
