import { CheckOutlined, DownOutlined, EyeOutlined, SwapOutlined, UndoOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { App, Button, Dropdown, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '../../api/session.ts'
import { useActions } from '../../shell/actions.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { ClockChip } from '../../ui/clock-chip.tsx'
import { KeyHint, spellKeys } from '../../ui/key-hint.tsx'
import { useRefusal } from '../../ui/refusal.ts'
import { useNameOf } from '../customers/name.ts'
import {
  type ConversationRow,
  categories,
  isDone,
  priorities,
  type StatusCategory,
  statusLabels,
  useAssign,
  useSetPriority,
  useSetStatus,
} from './api.ts'
import { usePresence } from './presence.ts'
import { PriorityMark } from './priority-mark.tsx'
import css from './thread-header.module.css'
import { TransferDialog } from './transfer-dialog.tsx'

/** Who answers for this conversation, how urgent it is and how it stands; each is changed where it is read. */
export function ThreadHeader({ row }: { row: ConversationRow }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const may = useMay()
  const spell = useRefusal()
  const nameOf = useNameOf()
  const assign = useAssign(row.id)
  const setStatus = useSetStatus(row.id)
  const [isTransferring, setTransferring] = useState(false)
  const done = isDone(row)
  const isMine = row.assignee?.id === me.id
  const mayAssign = may('conversations:assign')
  const refuse = { onError: (error: unknown) => void message.error(spell(error)) }

  const take = () => assign.mutate({ staffId: me.id, expected: row.assignee?.id ?? null }, refuse)
  const setCategory = (category: StatusCategory) =>
    setStatus.mutate({ category, expectedVersion: row.version }, refuse)
  const toggle = () => setCategory(done ? 'open' : 'resolved')

  useActions([
    {
      id: 'resolve',
      section: 'conversation',
      label: t(done ? 'conversation.reopen' : 'conversation.resolve'),
      keys: 'alt+e',
      run: toggle,
    },
    {
      id: 'wait',
      section: 'conversation',
      label: t('conversation.waitForCustomer'),
      run: () => setCategory('waiting_customer'),
    },
    ...(mayAssign && !isMine
      ? [
          {
            id: 'take',
            section: 'conversation' as const,
            label: t('conversation.take'),
            keys: 'alt+a',
            run: take,
          },
        ]
      : []),
    ...(mayAssign
      ? [
          {
            id: 'transfer',
            section: 'conversation' as const,
            label: t('conversation.transfer'),
            keys: 'alt+t',
            run: () => setTransferring(true),
          },
        ]
      : []),
  ])

  return (
    <header className={css.header}>
      <div className={css.first}>
        <h2 className={`cut ${css.name}`} dir="auto">
          <Link to="/customers/$customerId" params={{ customerId: row.customer.id }}>
            {nameOf(row.customer)}
          </Link>
        </h2>
        <span className={css.number}>{t('conversation.number', { number: row.number })}</span>
        {row.clock && !done && <ClockChip clock={row.clock} />}
        <span className={css.push} />
        <Viewers id={row.id} />
        {mayAssign && (
          <Tooltip title={`${t('conversation.transfer')}  ${spellKeys('alt+t')}`}>
            <Button
              icon={<SwapOutlined />}
              aria-label={t('conversation.transfer')}
              onClick={() => setTransferring(true)}
            />
          </Tooltip>
        )}
        <Button
          type={done ? 'default' : 'primary'}
          icon={done ? <UndoOutlined /> : <CheckOutlined />}
          loading={setStatus.isPending}
          onClick={toggle}
          title={spellKeys('alt+e')}
        >
          {t(done ? 'conversation.reopen' : 'conversation.resolve')}
        </Button>
      </div>
      <div className={css.second}>
        <AssigneeChoice
          row={row}
          mayAssign={mayAssign}
          onTake={take}
          onTransfer={() => setTransferring(true)}
        />
        <i className={css.dot} />
        <StatusChoice row={row} refuse={refuse} />
        <i className={css.dot} />
        <PriorityChoice row={row} refuse={refuse} />
        <i className={css.dot} />
        <span className="cut">{row.store.name}</span>
      </div>
      {isTransferring && <TransferDialog row={row} onClose={() => setTransferring(false)} />}
    </header>
  )
}

type Refuse = { onError: (error: unknown) => void }

function AssigneeChoice({
  row,
  mayAssign,
  onTake,
  onTransfer,
}: {
  row: ConversationRow
  mayAssign: boolean
  onTake: () => void
  onTransfer: () => void
}) {
  const { t } = useTranslation()
  if (!row.assignee && mayAssign)
    return (
      <button type="button" className={`plain ${css.take}`} onClick={onTake}>
        {t('conversation.takeIt')} <KeyHint keys="alt+a" />
      </button>
    )
  return (
    <button
      type="button"
      className={`plain ${css.choice}`}
      disabled={!mayAssign}
      onClick={onTransfer}
      title={t('conversation.assignee')}
    >
      {row.assignee && <Avatar name={row.assignee.name} size={20} tone="staff" />}
      <span className="cut">{row.assignee?.name ?? t('conversation.nobody')}</span>
      {row.team && <span className="quiet cut">{row.team.name}</span>}
    </button>
  )
}

function StatusChoice({ row, refuse }: { row: ConversationRow; refuse: Refuse }) {
  const { t } = useTranslation()
  const setStatus = useSetStatus(row.id)
  const labels = useQuery(statusLabels()).data?.items ?? []
  const items = categories.flatMap(category => [
    { key: category, label: t(`status.${category}`), onClick: () => choose(category) },
    ...labels
      .filter(label => label.category === category)
      .map(({ id, name }) => ({
        key: id,
        label: <span className={css.label}>{name}</span>,
        onClick: () => choose(category, id),
      })),
  ])
  const choose = (category: StatusCategory, labelId: string | null = null) =>
    setStatus.mutate({ category, labelId, expectedVersion: row.version }, refuse)
  return (
    <Dropdown
      trigger={['click']}
      menu={{ items, selectedKeys: [row.status.label?.id ?? row.status.category] }}
    >
      <button type="button" className={`plain ${css.choice}`} title={t('conversation.status')}>
        <i className={`${css.mark} ${css[row.status.category]}`} />
        {row.status.label?.name ?? t(`status.${row.status.category}`)}
        <DownOutlined className={css.arrow} />
      </button>
    </Dropdown>
  )
}

function PriorityChoice({ row, refuse }: { row: ConversationRow; refuse: Refuse }) {
  const { t } = useTranslation()
  const setPriority = useSetPriority(row.id)
  const items = priorities.map(priority => ({
    key: priority,
    label: t(`priority.${priority}`),
    onClick: () => setPriority.mutate(priority, refuse),
  }))
  return (
    <Dropdown trigger={['click']} menu={{ items, selectedKeys: [row.priority] }}>
      <button type="button" className={`plain ${css.choice}`} title={t('conversation.priority')}>
        <PriorityMark priority={row.priority} />
        {t(`priority.${row.priority}`)}
        <DownOutlined className={css.arrow} />
      </button>
    </Dropdown>
  )
}

function Viewers({ id }: { id: string }) {
  const { t } = useTranslation()
  const me = useMe()
  const others = usePresence(id).filter(person => person.id !== 'customer' && person.id !== me.id)
  if (others.length === 0) return null
  return (
    <span className={css.viewers}>
      <EyeOutlined className="quiet" />
      {others.map(person => {
        const name = person.name ?? t('presence.someone')
        const title = t(person.typing ? 'presence.typingBy' : 'presence.viewingBy', { name })
        return (
          <Tooltip key={person.id} title={title}>
            <span className={person.typing ? css.writing : undefined}>
              <Avatar name={name} size={24} tone="staff" />
            </span>
          </Tooltip>
        )
      })}
    </span>
  )
}
