import { useQuery } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal, Popconfirm } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Once } from '../../ui/once.tsx'
import { Card } from '../../ui/page.tsx'
import { RecordDrawer } from '../../ui/record-form.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { Time } from '../../ui/time.tsx'
import { invitationList, useInvite, useWithdrawInvitation } from './api.ts'
import css from './staff.module.css'
import { Places } from './staff-form.tsx'

export function InvitationList() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const items = useQuery(invitationList()).data?.items ?? []
  const withdraw = useWithdrawInvitation()
  if (items.length === 0) return null
  return (
    <div className={css.invitations}>
      <Card title={t('invitation.open')}>
        <ul>
          {items.map(({ id, email, roleName, expiresAt }) => (
            <li key={id} className="between">
              <span>
                {email} <span className="quiet small">{roleName}</span>
              </span>
              <span className="row">
                <span className="quiet small">
                  {t('invitation.until')} <Time at={expiresAt} as="moment" />
                </span>
                <Popconfirm
                  title={t('invitation.withdrawAsk')}
                  okText={t('invitation.withdraw')}
                  onConfirm={() =>
                    withdraw.mutate(id, { onError: error => void message.error(spell(error)) })
                  }
                >
                  <Button size="small" type="text">
                    {t('invitation.withdraw')}
                  </Button>
                </Popconfirm>
              </span>
            </li>
          ))}
        </ul>
      </Card>
    </div>
  )
}

type Values = { email: string; roleId: string; teamIds?: string[]; storeIds?: string[] }

export function InviteForm({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation()
  const invite = useInvite()
  const [link, setLink] = useState<string | null>(null)

  async function save({ email, roleId, teamIds = [], storeIds = [] }: Values) {
    const { url } = await invite.mutateAsync({
      email,
      roleId,
      teamIds,
      storeIds: storeIds.length ? storeIds : null,
    })
    setLink(new URL(url, window.location.origin).href)
  }

  return (
    <>
      <RecordDrawer<Values>
        title={t('staff.invite')}
        open={open}
        onClose={onClose}
        initial={{}}
        save={save}
        submit={t('invitation.make')}
      >
        <Form.Item
          name="email"
          label={t('signIn.email')}
          rules={[{ required: true, type: 'email', message: t('form.email') }]}
        >
          <Input autoFocus type="email" />
        </Form.Item>
        <Places />
      </RecordDrawer>
      <Modal
        open={link !== null}
        title={t('invitation.made')}
        footer={null}
        onCancel={() => setLink(null)}
        width={560}
        destroyOnHidden
      >
        {link && <Once secret={link} about={t('invitation.madeAbout')} />}
      </Modal>
    </>
  )
}
