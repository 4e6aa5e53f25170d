import { App, Button, Modal, Popconfirm } from 'antd'
import { useTranslation } from 'react-i18next'
import { Once } from '../../ui/once.tsx'
import { Card } from '../../ui/page.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { type Channel, useEndPreviousSecret, useRotateSecret } from './api.ts'
import css from './channels.module.css'

/** The secret can be made and made anew, never read: the one before stays good until it is ended. */
export function SecretCard({ channel, title, about }: { channel: Channel; title: string; about: string }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const rotate = useRotateSecret(channel.id)
  const end = useEndPreviousSecret(channel.id)
  const refuse = { onError: (error: unknown) => void message.error(spell(error)) }
  const make = () => rotate.mutate(undefined, refuse)
  return (
    <Card title={title}>
      <p className="quiet small">{about}</p>
      <div className={css.acts}>
        {channel.hasSecret ? (
          <Popconfirm title={t('channel.rotateAsk')} okText={t('channel.rotate')} onConfirm={make}>
            <Button loading={rotate.isPending}>{t('channel.rotate')}</Button>
          </Popconfirm>
        ) : (
          <Button loading={rotate.isPending} onClick={make}>
            {t('channel.makeSecret')}
          </Button>
        )}
        {channel.hasPreviousSecret && (
          <Popconfirm
            title={t('channel.endPreviousAsk')}
            okText={t('channel.endPrevious')}
            onConfirm={() => end.mutate(undefined, refuse)}
          >
            <Button loading={end.isPending}>{t('channel.endPrevious')}</Button>
          </Popconfirm>
        )}
      </div>
      <Modal
        open={rotate.data !== undefined}
        title={t('channel.secretMade')}
        footer={null}
        mask={{ closable: false }}
        onCancel={rotate.reset}
        width={600}
      >
        {rotate.data && <Once secret={rotate.data.secret} about={t('channel.secretMadeAbout')} />}
      </Modal>
    </Card>
  )
}
