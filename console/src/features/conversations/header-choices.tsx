import { DownOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Dropdown } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/avatar.tsx'
import { KeyHint } from '../../ui/key-hint.tsx'
import {
  type ConversationRow,
  categories,
  isDone,
  priorities,
  type StatusCategory,
  statusLabels,
} from './api.ts'
import { useActs } from './bulk/use-acts.tsx'
import { useClosing } from './closing/use-closing.tsx'
import { PriorityMark } from './priority-mark.tsx'
import css from './thread-header.module.css'
import { WaitingDialog, type WaitingFor } from './waiting-dialog.tsx'

type Props = { row: ConversationRow; mayChange: boolean }

export function AssigneeChoice({
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

/** Snoozing is no mere status: it needs to know until when. */
export function StatusChoice({ row, mayChange, onSnooze }: Props & { onSnooze: () => void }) {
  const { t } = useTranslation()
  const { act } = useActs(row.id)
  const labels = useQuery(statusLabels()).data?.items ?? []
  const items = categories.flatMap(category => [
    {
      key: category,
      label: category === 'scheduled' ? t('snooze.action') : t(`status.${category}`),
      disabled: category === 'scheduled' && isDone(row),
      onClick: () => (category === 'scheduled' ? onSnooze() : choose(category)),
    },
    ...labels
      .filter(label => label.category === category && category !== 'scheduled')
      .map(({ id, name }) => ({
        key: id,
        label: <span className={css.label}>{name}</span>,
        onClick: () => choose(category, id),
      })),
  ])
  const { closeFirst, dialog } = useClosing(row)
  const [asking, setAsking] = useState<{ labelId: string | null } | null>(null)
  function set(category: StatusCategory, labelId: string | null, waitingFor: WaitingFor | null = null) {
    const change = (expectedVersion: number) =>
      act([{ code: 'set_status', params: { category, labelId, waitingFor } }], {
        said: t('acted.status', { name: t(`status.${category}`) }),
        expectedVersion,
      })
    if (category === 'resolved' || category === 'closed') closeFirst(change)
    else change(row.version)
  }
  const choose = (category: StatusCategory, labelId: string | null = null) =>
    category === 'waiting_third_party' ? setAsking({ labelId }) : set(category, labelId)
  return (
    <>
      {dialog}
      <Dropdown
        trigger={['click']}
        disabled={!mayChange}
        menu={{ items, selectedKeys: [row.status.label?.id ?? row.status.category] }}
      >
        <button
          type="button"
          className={`plain ${css.choice}`}
          disabled={!mayChange}
          title={t('conversation.status')}
        >
          <i className={`${css.mark} ${css[row.status.category]}`} />
          {row.status.label?.name ??
            (row.status.waitingFor
              ? t(`waiting.${row.status.waitingFor}`)
              : t(`status.${row.status.category}`))}
          {mayChange && <DownOutlined className={css.arrow} />}
        </button>
      </Dropdown>
      {asking && (
        <WaitingDialog
          onClose={() => setAsking(null)}
          onChoose={waitingFor => set('waiting_third_party', asking.labelId, waitingFor)}
        />
      )}
    </>
  )
}

export function PriorityChoice({ row, mayChange }: Props) {
  const { t } = useTranslation()
  const { act } = useActs(row.id)
  const items = priorities.map(priority => ({
    key: priority,
    label: t(`priority.${priority}`),
    onClick: () =>
      act([{ code: 'set_priority', params: { priority } }], {
        said: t('acted.priority', { name: t(`priority.${priority}`) }),
      }),
  }))
  return (
    <Dropdown trigger={['click']} disabled={!mayChange} menu={{ items, selectedKeys: [row.priority] }}>
      <button
        type="button"
        className={`plain ${css.choice}`}
        disabled={!mayChange}
        title={t('conversation.priority')}
      >
        <PriorityMark priority={row.priority} />
        {t(`priority.${row.priority}`)}
        {mayChange && <DownOutlined className={css.arrow} />}
      </button>
    </Dropdown>
  )
}
