import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Alert, Button, Form, Input } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused } from '../../api/client.ts'
import { session } from '../../api/session.ts'
import { speak } from '../../i18n/index.ts'
import { RecordForm } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { signInWays, useSecondFactor, useSignIn } from './api.ts'
import css from './entrance.module.css'
import { Entrance } from './entrance.tsx'
import { GiverButtons } from './ways.tsx'

export function SignIn() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { next, step, refused } = useSearch({ from: '/sign-in' })
  const spell = useRefusal()
  const ways = useQuery(signInWays()).data
  const [needsCode, setNeedsCode] = useState(step === 'code')
  const [wantsPassword, setWantsPassword] = useState(false)
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
      {refused && (
        <Alert className={css.refused} type="error" showIcon title={spell(new Refused(403, refused, ''))} />
      )}
      <GiverButtons next={next} />
      {ways?.password === false && !wantsPassword && (
        <p className={css.otherWay}>
          <Button type="link" size="small" onClick={() => setWantsPassword(true)}>
            {t('ways.onlyAdmin')}
          </Button>
        </p>
      )}
      {(ways?.password !== false || wantsPassword) && (
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
      )}
    </Entrance>
  )
}
