import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { Form, Input } from 'antd'
import { useTranslation } from 'react-i18next'
import { answer, api } from '../../api/client.ts'
import type { Locale } from '../../i18n/index.ts'
import { RecordForm } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Skeleton } from '../../ui/states.tsx'
import { Entrance } from '../sign-in/entrance.tsx'
import { invitation, useAcceptInvitation } from './api.ts'

export function InvitationAcceptance() {
  const { t, i18n } = useTranslation()
  const { token } = useParams({ from: '/invitation/$token' })
  const queries = useQueryClient()
  const navigate = useNavigate()
  const spell = useRefusal()
  const { data, error } = useQuery(invitation(token, i18n.language as Locale))
  const accept = useAcceptInvitation(token)

  if (error)
    return (
      <Entrance title={t('invitation.over')} about={spell(error)}>
        <p>
          <Link to="/sign-in">{t('signIn.title')}</Link>
        </p>
      </Entrance>
    )
  if (!data) return <Entrance title={t('invitation.welcome')} children={<Skeleton lines={3} />} />

  async function save({ name, password }: { name: string; password: string }) {
    await accept.mutateAsync({ name, password, locale: i18n.language as Locale })
    await answer(api.POST('/api/session', { body: { email: data!.email, password } }))
    queries.clear()
    await navigate({ to: '/', replace: true })
  }

  return (
    <Entrance
      title={t('invitation.welcome')}
      about={
        data.invitedBy
          ? t('invitation.invitedBy', { name: data.invitedBy, role: data.roleName })
          : t('invitation.invited', { role: data.roleName })
      }
    >
      <RecordForm<{ name: string; password: string }>
        initial={{}}
        save={save}
        submit={t('invitation.accept')}
      >
        <Form.Item label={t('signIn.email')}>
          <Input value={data.email} readOnly variant="filled" autoComplete="username" />
        </Form.Item>
        <Form.Item
          name="name"
          label={t('staff.name')}
          rules={[{ required: true, whitespace: true, message: t('form.required') }]}
        >
          <Input autoFocus autoComplete="name" maxLength={100} />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          extra={t('form.password')}
          rules={[{ required: true, min: 10, message: t('form.password') }]}
        >
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </RecordForm>
    </Entrance>
  )
}
