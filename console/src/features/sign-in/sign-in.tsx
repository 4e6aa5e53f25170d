import { useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { session } from '../../api/session.ts'
import { speak } from '../../i18n/index.ts'
import { RecordForm } from '../../ui/record-form.tsx'
import { useSecondFactor, useSignIn } from './api.ts'
import { Entrance } from './entrance.tsx'

export function SignIn() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { next } = useSearch({ from: '/sign-in' })
  const [needsCode, setNeedsCode] = useState(false)
  const signIn = useSignIn()
  const secondFactor = useSecondFactor()

  async function enter() {
    queries.removeQueries({ queryKey: ['session'] })
    const me = await queries.fetchQuery(session())
    await speak(me.locale)
    await navigate({ to: next ?? '/', replace: true })
  }

  if (needsCode)
    return (
      <Entrance title={t('signIn.codeTitle')} about={t('signIn.codeAbout')}>
        <RecordForm<{ code: string }>
          key="code"
          initial={{}}
          submit={t('signIn.continue')}
          onCancel={() => setNeedsCode(false)}
          save={({ code }) => secondFactor.mutateAsync(code.replace(/\s/g, '')).then(enter)}
        >
          <Form.Item
            name="code"
            label={t('signIn.code')}
            rules={[{ required: true, message: t('form.required') }]}
          >
            <Input autoFocus inputMode="numeric" autoComplete="one-time-code" size="large" maxLength={20} />
          </Form.Item>
        </RecordForm>
      </Entrance>
    )

  return (
    <Entrance title={t('signIn.title')}>
      <RecordForm<{ email: string; password: string }>
        key="password"
        initial={{}}
        submit={t('signIn.submit')}
        save={async values => {
          const { state } = await signIn.mutateAsync(values)
          if (state === 'second_factor') setNeedsCode(true)
          else await enter()
        }}
      >
        <Form.Item
          name="email"
          label={t('signIn.email')}
          rules={[{ required: true, type: 'email', message: t('form.email') }]}
          validateTrigger="onBlur"
        >
          <Input autoFocus type="email" autoComplete="username" size="large" />
        </Form.Item>
        <Form.Item
          name="password"
          label={t('signIn.password')}
          rules={[{ required: true, message: t('form.required') }]}
        >
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
      </RecordForm>
    </Entrance>
  )
}
