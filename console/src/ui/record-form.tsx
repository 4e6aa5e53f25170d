import { Alert, Button, Drawer, Form, type FormInstance } from 'antd'
import { type ReactNode, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from './record.module.css'
import { faultsOf, useRefusal } from './refusal.ts'

/** A record that is still being filled in. */
type Begun<T> = T extends unknown[] ? T : T extends object ? { [K in keyof T]?: Begun<T[K]> | undefined } : T

type FormProps<Values> = {
  initial: Begun<Values>
  save: (values: Values) => Promise<unknown>
  onSaved?: () => void
  onCancel?: () => void
  submit?: string
  extra?: ReactNode
  form?: FormInstance<Values>
  onChange?: (values: Values) => void
  isReadOnly?: boolean
  children: ReactNode
}

/** Fields, what was refused, and one button that matters; everything a form does alike. */
export function RecordForm<Values extends object>(props: FormProps<Values>) {
  const { initial, save, onSaved, onCancel, submit, extra, onChange, isReadOnly, children } = props
  const { t } = useTranslation()
  const spell = useRefusal()
  const [own] = Form.useForm<Values>()
  const form = props.form ?? own
  const [error, setError] = useState<unknown>()
  const [saving, setSaving] = useState(false)

  async function finish(values: Values) {
    setSaving(true)
    setError(undefined)
    try {
      await save(values)
      onSaved?.()
    } catch (refused) {
      setError(refused)
      markFaults(form, faultsOf(refused), t('form.notAccepted'))
    } finally {
      setSaving(false)
    }
  }

  return (
    <Form<Values>
      form={form}
      className={`${css.form} ${isReadOnly ? css.readOnly : ''}`}
      layout="vertical"
      requiredMark={false}
      initialValues={initial as object}
      onFinish={finish}
      onValuesChange={(_, values) => onChange?.(values)}
      scrollToFirstError={{ block: 'center', focus: true }}
      disabled={isReadOnly}
    >
      {children}
      {error !== undefined && <Alert className={css.refused} type="error" showIcon title={spell(error)} />}
      {!isReadOnly && (
        <div className={css.actions}>
          {extra}
          <span className={css.push} />
          {onCancel && <Button onClick={onCancel}>{t('action.cancel')}</Button>}
          <Button type="primary" htmlType="submit" loading={saving}>
            {submit ?? t('action.save')}
          </Button>
        </div>
      )}
    </Form>
  )
}

/** Points at the fields the server would not take, as far as they stand in this form. */
function markFaults(form: FormInstance, paths: string[], text: string) {
  const names = form.getFieldsError().map(({ name }) => name)
  const marked = names.filter(name => paths.some(path => `${path}.`.startsWith(`${name.join('.')}.`)))
  form.setFields(marked.map(name => ({ name, errors: [text] })))
  if (marked[0]) form.scrollToField(marked[0])
}

type DrawerProps<Values> = FormProps<Values> & {
  title: ReactNode
  open: boolean
  onClose: () => void
  width?: number
}

/** The form of one record beside its list; it is made anew each time it opens. */
export function RecordDrawer<Values extends object>({
  title,
  open,
  onClose,
  width = 520,
  ...form
}: DrawerProps<Values>) {
  const [opened, setOpened] = useState(0)
  useEffect(() => {
    if (open) setOpened(count => count + 1)
  }, [open])
  return (
    <Drawer title={title} open={open} onClose={onClose} size={width} destroyOnHidden>
      <RecordForm<Values> key={opened} {...form} onCancel={onClose} onSaved={form.onSaved ?? onClose} />
    </Drawer>
  )
}
