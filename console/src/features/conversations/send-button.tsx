import { DownOutlined } from '@ant-design/icons'
import { Button, Dropdown, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PromiseDialog } from '../clocks/promise-dialog.tsx'
import type { ConversationRow } from './api.ts'
import type { Outgoing } from './outbox.ts'
import { SendLater } from './send-later.tsx'
import { SnoozeDialog } from './snooze-dialog.tsx'

type Props = {
  row: ConversationRow
  disabled: boolean
  onSend: (how?: Pick<Outgoing, 'afterwards' | 'hold' | 'snoozeUntil'>) => void
}

export function SendButton({ row, disabled, onSend }: Props) {
  const { t } = useTranslation()
  const [choosing, setChoosing] = useState<'later' | 'snooze' | 'promise'>()
  const close = () => setChoosing(undefined)
  const items = [
    {
      key: 'resolve',
      label: t('composer.sendAndResolve'),
      onClick: () => onSend({ afterwards: 'resolve' }),
    },
    {
      key: 'wait',
      label: t('composer.sendAndWait'),
      onClick: () => onSend({ afterwards: 'wait_customer' }),
    },
    { key: 'snooze', label: t('composer.sendAndSnooze'), onClick: () => setChoosing('snooze') },
    { type: 'divider' as const },
    { key: 'later', label: t('composer.sendLater'), onClick: () => setChoosing('later') },
    { key: 'promise', label: t('promise.make'), onClick: () => setChoosing('promise') },
  ]
  return (
    <>
      <Space.Compact>
        <Button type="primary" disabled={disabled} onClick={() => onSend()}>
          {t('composer.send')}
        </Button>
        <Dropdown menu={{ items }} trigger={['click']} placement="topRight" disabled={disabled}>
          <Button
            type="primary"
            icon={<DownOutlined />}
            disabled={disabled}
            aria-label={t('composer.sendAnd')}
          />
        </Dropdown>
      </Space.Compact>
      {choosing === 'promise' && <PromiseDialog conversationId={row.id} onClose={close} />}
      {choosing === 'snooze' && (
        <SnoozeDialog
          row={row}
          submit={t('composer.sendAndSnooze')}
          onClose={close}
          onChoose={at => onSend({ snoozeUntil: at.toISOString() })}
        />
      )}
      {choosing === 'later' && (
        <SendLater
          row={row}
          onClose={close}
          onChoose={at => onSend({ hold: { why: 'scheduled', sendAt: at.toISOString() } })}
        />
      )}
    </>
  )
}
