import { App, Button, Form, Modal, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/session.ts'
import { Once } from '../../ui/once.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { type Staff, useIssuePasswordReset, useResetSecondFactor } from './api.ts'

/** For a colleague who cannot sign in any more: a link to a new password, an end to a lost second factor. */
export function Recovery({ person }: { person: Staff }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const spell = useRefusal()
  const link = useIssuePasswordReset(person.id)
  const secondFactor = useResetSecondFactor(person.id)
  const refuse = { onError: (error: unknown) => void message.error(spell(error)) }
  if (person.id === me.id || person.deactivatedAt) return null
  return (
    <Form.Item label={t('recovery.title')}>
      <span className="row wrap">
        <Button loading={link.isPending} onClick={() => link.mutate(undefined, refuse)}>
          {t('recovery.link')}
        </Button>
        {person.twoFactor && (
          <Popconfirm
            title={t('recovery.secondFactorAsk', { name: person.name })}
            okText={t('recovery.secondFactor')}
            onConfirm={() =>
              secondFactor.mutate(undefined, {
                ...refuse,
                onSuccess: () => void message.success(t('recovery.secondFactorDone')),
              })
            }
          >
            <Button loading={secondFactor.isPending}>{t('recovery.secondFactor')}</Button>
          </Popconfirm>
        )}
      </span>
      <Modal
        open={link.data !== undefined}
        title={t('invitation.made')}
        footer={null}
        mask={{ closable: false }}
        onCancel={link.reset}
        width={560}
        destroyOnHidden
      >
        {link.data && (
          <Once
            secret={new URL(link.data.url, window.location.origin).href}
            about={t('recovery.linkAbout', { name: person.name })}
          />
        )}
      </Modal>
    </Form.Item>
  )
}
