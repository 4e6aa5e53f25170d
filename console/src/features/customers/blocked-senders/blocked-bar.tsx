import { StopOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { Time } from '../../../ui/time.tsx'
import { useSender } from './api.ts'
import { BlockedBy } from './blocked-mark.tsx'
import css from './blocked-senders.module.css'
import { UnblockDialog } from './unblock-dialog.tsx'

/** Over the field one writes in: that an answer would be refused, and what to do about it. */
export function BlockedBar({ row }: { row: Parameters<typeof useSender>[0] }) {
  const { t } = useTranslation()
  const may = useMay()
  const sender = useSender(row)
  const [isUnblocking, setUnblocking] = useState(false)
  const dialog = isUnblocking && sender && (
    <UnblockDialog id={sender.id} onClose={() => setUnblocking(false)} />
  )
  if (!sender?.blockedAt) return dialog
  return (
    <div className={css.bar} role="note">
      <StopOutlined />
      <span className={css.text}>
        {t('blocked.bar')}{' '}
        <span className="quiet">
          <BlockedBy by={sender.blockedBy} /> · <Time at={sender.blockedAt} />
        </span>
      </span>
      {may('conversations:reply') && (
        <Button size="small" onClick={() => setUnblocking(true)}>
          {t('blocked.unblockMore')}
        </Button>
      )}
      {dialog}
    </div>
  )
}
