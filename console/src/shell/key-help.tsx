import { Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { KeyHint } from '../ui/key-hint.tsx'
import { listActions } from './actions.ts'
import css from './key-help.module.css'

const typed = [
  ['mod+enter', 'help.send'],
  ['/', 'help.quickReply'],
  ['@', 'help.mention'],
] as const

export function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [actions] = useState(() => listActions().filter(action => action.keys))
  return (
    <Modal open onCancel={onClose} footer={null} title={t('help.title')} width={640}>
      <dl className={css.keys}>
        {actions.map(({ id, label, keys }) => (
          <div key={id}>
            <dt>{label}</dt>
            <dd>
              <KeyHint keys={keys!} />
            </dd>
          </div>
        ))}
        {typed.map(([keys, label]) => (
          <div key={keys}>
            <dt>{t(label)}</dt>
            <dd>
              <KeyHint keys={keys} />
            </dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
