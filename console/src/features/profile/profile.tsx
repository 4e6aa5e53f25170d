import { useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal, QRCode } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { session, useChangeMe, useMe } from '../../api/session.ts'
import { Copyable } from '../../ui/once.tsx'
import { Card, Page } from '../../ui/page.tsx'
import { RecordForm } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { useBeginTotp, useChangePassword, useConfirmTotp, useEndTotp } from './api.ts'
import { NotificationsCard } from './notifications-card.tsx'
import css from './profile.module.css'
import { ReadsCard } from './reads-card.tsx'
import { ZoneCard } from './zone-card.tsx'

export function Profile() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const changeMe = useChangeMe()
  const changePassword = useChangePassword()
  const [password] = Form.useForm<{ current: string; next: string }>()
  const required = [{ required: true, message: t('form.required') }]
  return (
    <Page width="form" title={t('menu.profile')} about={`${me.email} · ${me.roleName}`}>
      <Card title={t('profile.name')}>
        <RecordForm<{ name: string }>
          initial={{ name: me.name }}
          save={({ name }) => changeMe.mutateAsync({ name })}
          onSaved={() => void message.success(t('action.saved'))}
        >
          <Form.Item
            name="name"
            extra={t('profile.nameHint')}
            rules={[{ required: true, whitespace: true, message: t('form.required') }]}
          >
            <Input maxLength={100} aria-label={t('profile.name')} />
          </Form.Item>
        </RecordForm>
      </Card>
      <ZoneCard />
      <NotificationsCard />
      <ReadsCard />
      <Card title={t('profile.password')}>
        <RecordForm<{ current: string; next: string }>
          form={password}
          initial={{}}
          save={values => changePassword.mutateAsync(values)}
          onSaved={() => {
            password.resetFields()
            message.success(t('profile.passwordChanged'))
          }}
        >
          <Form.Item name="current" label={t('profile.current')} rules={required}>
            <Input.Password autoComplete="current-password" />
          </Form.Item>
          <Form.Item
            name="next"
            label={t('profile.next')}
            extra={t('form.password')}
            rules={[{ required: true, min: 10, message: t('form.password') }]}
          >
            <Input.Password autoComplete="new-password" />
          </Form.Item>
        </RecordForm>
      </Card>
      <SecondFactor isOn={me.twoFactor} />
    </Page>
  )
}

function SecondFactor({ isOn }: { isOn: boolean }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const queries = useQueryClient()
  const spell = useRefusal()
  const begin = useBeginTotp()
  const confirm = useConfirmTotp()
  const end = useEndTotp()
  const [isEnding, setEnding] = useState(false)
  const refresh = () => queries.invalidateQueries({ queryKey: session().queryKey })

  return (
    <Card title={t('profile.secondFactor')}>
      <p className={css.about}>{t(isOn ? 'profile.secondFactorOn' : 'profile.secondFactorOff')}</p>
      {isOn ? (
        <Button danger onClick={() => setEnding(true)}>
          {t('profile.endSecondFactor')}
        </Button>
      ) : (
        <Button
          loading={begin.isPending}
          onClick={() => begin.mutate(undefined, { onError: error => void message.error(spell(error)) })}
        >
          {t('profile.beginSecondFactor')}
        </Button>
      )}
      <Modal
        open={begin.data !== undefined}
        title={t('profile.secondFactor')}
        footer={null}
        onCancel={begin.reset}
        width={520}
        destroyOnHidden
      >
        {begin.data && (
          <>
            <div className={css.scan}>
              <QRCode value={begin.data.uri} size={176} type="svg" color="#000000" bgColor="#ffffff" />
              <p>{t('profile.scan')}</p>
            </div>
            <h3>{t('profile.backupCodes')}</h3>
            <p className="quiet small">{t('profile.backupHint')}</p>
            <Copyable text={begin.data.backupCodes.join('\n')} lines />
            <RecordForm<{ code: string }>
              initial={{}}
              submit={t('profile.confirm')}
              save={({ code }) => confirm.mutateAsync(code.replace(/\s/g, ''))}
              onSaved={() => {
                begin.reset()
                refresh()
              }}
            >
              <Form.Item
                name="code"
                label={t('signIn.code')}
                rules={[{ required: true, message: t('form.required') }]}
                className={css.code}
              >
                <Input inputMode="numeric" autoComplete="one-time-code" maxLength={20} />
              </Form.Item>
            </RecordForm>
          </>
        )}
      </Modal>
      <Modal
        open={isEnding}
        title={t('profile.endSecondFactor')}
        footer={null}
        onCancel={() => setEnding(false)}
        width={420}
        destroyOnHidden
      >
        <RecordForm<{ password: string }>
          initial={{}}
          submit={t('profile.endSecondFactor')}
          save={({ password }) => end.mutateAsync(password)}
          onSaved={() => {
            setEnding(false)
            refresh()
          }}
        >
          <Form.Item
            name="password"
            label={t('signIn.password')}
            rules={[{ required: true, message: t('form.required') }]}
          >
            <Input.Password autoFocus autoComplete="current-password" />
          </Form.Item>
        </RecordForm>
      </Modal>
    </Card>
  )
}
