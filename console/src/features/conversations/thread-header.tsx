import {
  CheckOutlined,
  ClockCircleOutlined,
  EllipsisOutlined,
  SearchOutlined,
  SwapOutlined,
  UndoOutlined,
} from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { Button, Dropdown, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { spellKeys } from '../../ui/key-hint.tsx'
import { ClocksButton } from '../clocks/clocks-button.tsx'
import { useNameOf } from '../customers/name.ts'
import { type ConversationRow, isDone } from './api.ts'
import { AssigneeChoice, PriorityChoice, StatusChoice } from './header-choices.tsx'
import { DraftWriters, Viewers } from './header-people.tsx'
import { SnoozedUntil } from './snoozed-until.tsx'
import { useThreadActions } from './thread-actions.ts'
import { type ThreadDialog, ThreadDialogs } from './thread-dialogs.tsx'
import css from './thread-header.module.css'

/** Who answers for this conversation, how urgent it is and how it stands; each is changed where it is read. */
export function ThreadHeader({ row }: { row: ConversationRow }) {
  const { t } = useTranslation()
  const may = useMay()
  const nameOf = useNameOf()
  const [shown, open] = useState<ThreadDialog | null>(null)
  const { further, take, toggle, wake, closingDialog, isPending, isWaking } = useThreadActions(row, open)
  const isMerged = row.mergedIntoId !== null
  const done = isDone(row)
  const isSnoozed = row.status.category === 'scheduled'
  const mayAssign = may('conversations:assign')
  const mayReply = may('conversations:reply')

  return (
    <header className={css.header}>
      <div className={css.first}>
        <h2 className={`cut ${css.name}`} dir="auto">
          <Link to="/customers/$customerId" params={{ customerId: row.customer.id }}>
            {nameOf(row.customer)}
          </Link>
        </h2>
        <span className={css.number}>{t('conversation.number', { number: row.number })}</span>
        {!done && <ClocksButton row={row} onPromise={mayReply ? () => open('promise') : undefined} />}
        <span className={`cut ${css.subject}`} title={row.subject ?? undefined}>
          <bdi>{row.subject}</bdi>
        </span>
        <DraftWriters id={row.id} />
        <Viewers id={row.id} />
        <Tooltip title={`${t('search.inside')}  ${spellKeys('alt+shift+f')}`}>
          <Button icon={<SearchOutlined />} aria-label={t('search.inside')} onClick={() => open('search')} />
        </Tooltip>
        {mayAssign && (
          <Tooltip title={`${t('conversation.transfer')}  ${spellKeys('alt+t')}`}>
            <Button
              icon={<SwapOutlined />}
              aria-label={t('conversation.transfer')}
              onClick={() => open('transfer')}
            />
          </Tooltip>
        )}
        {mayReply && !done && (
          <Tooltip title={`${t('snooze.title')}  ${spellKeys('alt+m')}`}>
            <Button
              icon={<ClockCircleOutlined />}
              aria-label={t('snooze.title')}
              onClick={() => open('snooze')}
            />
          </Tooltip>
        )}
        {further.length > 0 && (
          <Dropdown
            trigger={['click']}
            menu={{ items: further.map(({ id, label, run }) => ({ key: id, label, onClick: run })) }}
          >
            <Button icon={<EllipsisOutlined />} aria-label={t('conversation.further')} />
          </Dropdown>
        )}
        {mayReply && !isMerged && (
          <Button
            type={done ? 'default' : 'primary'}
            icon={done ? <UndoOutlined /> : <CheckOutlined />}
            loading={isPending}
            onClick={toggle}
            title={spellKeys('alt+e')}
          >
            {t(done ? 'conversation.reopen' : 'conversation.resolve')}
          </Button>
        )}
      </div>
      <div className={css.second}>
        <AssigneeChoice row={row} mayAssign={mayAssign} onTake={take} onTransfer={() => open('transfer')} />
        <i className={css.dot} />
        <StatusChoice row={row} mayChange={mayReply && !isMerged} onSnooze={() => open('snooze')} />
        {isSnoozed && (
          <span className={css.snoozed}>
            {row.snoozedUntil && <SnoozedUntil at={row.snoozedUntil} />}
            {mayReply && (
              <Button type="link" size="small" loading={isWaking} onClick={wake}>
                {t('snooze.end')}
              </Button>
            )}
          </span>
        )}
        <i className={css.dot} />
        <PriorityChoice row={row} mayChange={mayReply} />
        <i className={css.dot} />
        <span className="cut">{row.store.name}</span>
      </div>
      {closingDialog}
      <ThreadDialogs row={row} shown={shown} onClose={() => open(null)} />
    </header>
  )
}
