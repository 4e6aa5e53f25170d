import { LockOutlined } from '@ant-design/icons'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { spellKeys } from '../../ui/key-hint.tsx'
import type { ConversationRow } from './api.ts'
import css from './composer.module.css'
import type { Draft } from './drafts.ts'

type Tab = Draft['tab']
type Props = { row: ConversationRow; tab: Tab; onTurn: (tab: Tab) => void; children: ReactNode }

/** To whom one writes: the customer, over which channel and as which store, or colleagues alone. */
export function ComposerTabs({ row, tab: turned, onTurn, children }: Props) {
  const { t } = useTranslation()
  return (
    <div className={css.tabs} role="tablist" aria-label={t('composer.title')}>
      {(['reply', 'note'] as const).map(tab => (
        <button
          key={tab}
          type="button"
          role="tab"
          aria-selected={turned === tab}
          className={`plain ${css.tab}`}
          onClick={() => onTurn(tab)}
        >
          {tab === 'note' && <LockOutlined />}
          {t(`composer.${tab}`)}
          <span className={css.key}>{spellKeys(tab === 'note' ? 'alt+p' : 'alt+l')}</span>
        </button>
      ))}
      {children}
      <span className={css.by}>
        {turned === 'note'
          ? t('composer.onlyColleagues')
          : t('composer.by', {
              channel: t(`channel.kind.${row.channel.kind as 'api'}`),
              store: row.store.name,
            })}
      </span>
    </div>
  )
}
