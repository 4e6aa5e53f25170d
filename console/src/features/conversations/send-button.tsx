import { DownOutlined } from '@ant-design/icons'
import { Button, Dropdown, Space } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConversationRow } from './api.ts'
import type { Outgoing } from './outbox.ts'
import { useReasonFirst } from './reasons/use-reason-first.tsx'
import { SendLater } from './send-later.tsx'

type Props = {
  row: ConversationRow
  disabled: boolean
  onSend: (how?: Pick<Outgoing, 'afterwards' | 'hold'>) => void
}

export function SendButton({ row, disabled, onSend }: Props) {
  const { t } = useTranslation()
  const [isChoosing, setChoosing] = useState(false)
  const { reasonFirst, dialog } = useReasonFirst(row)
  const items = [
    {
      key: 'resolve',
      label: t('composer.sendAndResolve'),
      onClick: () => reasonFirst(() => onSend({ afterwards: 'resolve' })),
    },
    {
      key: 'wait',
      label: t('composer.sendAndWait'),
      onClick: () => onSend({ afterwards: 'wait_customer' }),
    },
    { type: 'divider' as const },
    { key: 'later', label: t('composer.sendLater'), onClick: () => setChoosing(true) },
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
      {dialog}
      {isChoosing && (
        <SendLater
          row={row}
          onClose={() => setChoosing(false)}
          onChoose={at => onSend({ hold: { why: 'scheduled', sendAt: at.toISOString() } })}
        />
      )}
    </>
  )
}
