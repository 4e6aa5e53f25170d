import { useQuery } from '@tanstack/react-query'
import { App, Modal, Radio } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../../../ui/refusal.ts'
import { Failure, Skeleton } from '../../../ui/states.tsx'
import { blockedSender, useUnblock } from './api.ts'
import css from './blocked-senders.module.css'

/** What came while he was blocked is brought in, or stays where it is: whoever unblocks him says which. */
export function UnblockDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const { data, error, refetch } = useQuery(blockedSender(id))
  const unblock = useUnblock()
  const [takeIn, setTakeIn] = useState(true)

  const submit = () =>
    unblock.mutate(
      { id, takeIn: takeIn && Boolean(data?.kept) },
      {
        onSuccess({ takenIn }) {
          message.success(takenIn > 0 ? t('blocked.tookIn', { count: takenIn }) : t('blocked.unblocked'))
          onClose()
        },
        onError: error => void message.error(spell(error)),
      },
    )

  return (
    <Modal
      open
      title={t('blocked.unblockAsk')}
      width={440}
      okText={t('blocked.unblock')}
      okButtonProps={{ disabled: !data, loading: unblock.isPending }}
      cancelText={t('action.cancel')}
      onOk={submit}
      onCancel={onClose}
    >
      {error && !data ? (
        <Failure error={error} retry={refetch} />
      ) : !data ? (
        <Skeleton lines={2} />
      ) : data.kept === 0 ? (
        <p>{t('blocked.nothingCame')}</p>
      ) : (
        <div className={css.asked}>
          <p>{t('blocked.came', { count: data.kept })}</p>
          <Radio.Group
            vertical
            value={takeIn}
            onChange={event => setTakeIn(event.target.value)}
            options={[
              { value: true, label: t('blocked.takeIn', { count: data.kept }) },
              { value: false, label: t('blocked.leave') },
            ]}
          />
        </div>
      )}
    </Modal>
  )
}
