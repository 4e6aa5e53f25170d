import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import { RecordForm } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Skeleton } from '../../ui/states.tsx'
import { Entrance } from '../sign-in/entrance.tsx'
import { passwordReset, useResetPassword } from './api.ts'

export function PasswordReset() {
  const { t } = useTranslation()
  const { token } = useParams({ from: '/password-reset/$token' })
  const queries = useQueryClient()
  const navigate = useNavigate()
  const spell = useRefusal()
  const { data, error } = useQuery(passwordReset(token))
  const reset = useResetPassword(token)

  if (error)
    return (
      <Entrance title={t('recovery.over')} about={spell(error)}>
        <p>
          <Link to="/sign-in">{t('signIn.title')}</Link>
        </p>
      </Entrance>
    )
  if (!data) return <Entrance title={t('recovery.choose')} children={<Skeleton lines={3} />} />

  async function save({ password }: { password: string }) {
    await reset.mutateAsync({ password })
    const { state } = await answer(api.POST('/api/session', { body: { email: data!.email, password } }))
    queries.clear()
    await navigate({ to: state === 'signed_in' ? '/' : '/sign-in', replace: true })
  }

  return (
    <Entrance title={t('recovery.choose')} about={t('recovery.chooseAbout', { name: data.name })}>
      <RecordForm<{ password: string }> initial={{}} save={save} submit={t('recovery.submit')}>
        <Form.Item label={t('signIn.email')}>
          <Input value={data.email} readOnly variant="filled" autoComplete="username" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('profile.next')}
          extra={t('form.password')}
          rules={[{ required: true, min: 10, message: t('form.password') }]}
        >
          <Input.Password autoFocus autoComplete="new-password" />
        </Form.Item>
      </RecordForm>
    </Entrance>
  )
}
