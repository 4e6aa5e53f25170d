import {
  CheckOutlined,
  ClockCircleOutlined,
  EllipsisOutlined,
  EyeOutlined,
  FormOutlined,
  SearchOutlined,
  SwapOutlined,
  UndoOutlined,
} from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { App, Button, Dropdown, Tooltip } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '../../api/session.ts'
import { useActions } from '../../shell/actions.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { spellKeys } from '../../ui/key-hint.tsx'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { useRefusal } from '../../ui/refusal.ts'
import { spellSoon } from '../../ui/spell.ts'
import { ClocksButton } from '../clocks/clocks-button.tsx'
import { PromiseDialog } from '../clocks/promise-dialog.tsx'
import { useSender } from '../customers/blocked-senders/api.ts'
import { BlockDialog } from '../customers/blocked-senders/block-dialog.tsx'
import { UnblockDialog } from '../customers/blocked-senders/unblock-dialog.tsx'
import { useNameOf } from '../customers/name.ts'
import { ThreadSearch } from '../search/thread-search.tsx'
import {
  type ConversationRow,
  isDone,
  markUnread,
  priorities,
  type StatusCategory,
  useEndSnooze,
  useUndoMerge,
} from './api.ts'
import { useActs } from './bulk/use-acts.tsx'
import { useClosing } from './closing/use-closing.tsx'
import { focusField, reasonField, tagsField } from './context-fields.ts'
import { useDraftWriters } from './draft-signs.ts'
import { AssigneeChoice, PriorityChoice, StatusChoice } from './header-choices.tsx'
import { LinkDialog } from './linking/link-dialog.tsx'
import { MergeDialog } from './merge-dialog.tsx'
import { usePresence } from './presence.ts'
import { SnoozeDialog } from './snooze-dialog.tsx'
import { SnoozedUntil } from './snoozed-until.tsx'
import { canSplit } from './splitting/api.ts'
import { SplitDialog } from './splitting/split-dialog.tsx'
import css from './thread-header.module.css'
import { TransferDialog } from './transfer-dialog.tsx'

/** Done seldom: behind a button. */
const inMenu = new Set([
  ...['merge', 'unmerge', 'link', 'split'],
  ...['spam', 'not-spam', 'block-sender', 'unblock-sender'],
])

/** Who answers for this conversation, how urgent it is and how it stands; each is changed where it is read. */
export function ThreadHeader({ row }: { row: ConversationRow }) {
  const { t, i18n } = useTranslation()
  const { message } = App.useApp()
  const zone = useReaderZone()
  const me = useMe()
  const may = useMay()
  const spell = useRefusal()
  const nameOf = useNameOf()
  const { act, isPending } = useActs(row.id)
  const undoMerge = useUndoMerge(row.id)
  const endSnooze = useEndSnooze(row.id)
  const [isTransferring, setTransferring] = useState(false)
  const [isSearching, setSearching] = useState(false)
  const [isPromising, setPromising] = useState(false)
  const [isSnoozing, setSnoozing] = useState(false)
  const [isMerging, setMerging] = useState(false)
  const [turning, setTurning] = useState<'block' | 'unblock' | null>(null)
  const sender = useSender(row)
  const isBlocked = Boolean(sender?.blockedAt)
  const [isLinking, setLinking] = useState(false)
  const [isSplitting, setSplitting] = useState(false)
  const isMerged = row.mergedIntoId !== null
  const done = isDone(row)
  const isSnoozed = row.status.category === 'scheduled'
  const isMine = row.assignee?.id === me.id
  const mayAssign = may('conversations:assign')
  const mayReply = may('conversations:reply')
  const navigate = useNavigate()
  const queries = useQueryClient()
  const refuse = { onError: (error: unknown) => void message.error(spell(error)) }

  const take = () =>
    act([{ code: 'assign', params: { staffId: me.id } }], {
      said: t('acted.taken'),
      left: { assigneeId: row.assignee?.id ?? null },
    })
  const { closeFirst, askFirst, keepsSummaries, dialog } = useClosing(row)
  const setCategory = (category: StatusCategory, expectedVersion = row.version) =>
    act([{ code: 'set_status', params: { category } }], {
      said: t('acted.status', { name: t(`status.${category}`) }),
      expectedVersion,
    })
  const toggle = () => (done ? setCategory('open') : closeFirst(version => setCategory('resolved', version)))

  const block = (marksSpam: boolean) =>
    act(
      [...(marksSpam ? ['mark_spam'] : []), 'block_sender'].map(code => ({ code, params: {} })),
      { said: t('blocked.done') },
    )

  /** Reading it again would mark it read: one leaves it for the list. */
  async function leaveUnread() {
    await navigate({ to: '/inbox', search: now => now })
    await markUnread(row.id).catch(refuse.onError)
    await queries.invalidateQueries({ queryKey: ['conversation'] })
  }

  async function copyLink() {
    await navigator.clipboard.writeText(`${window.location.origin}/inbox/${row.id}`)
    message.success(t('conversation.linkCopied'))
  }

  const actions = [
    {
      id: 'resolve',
      label: t(done ? 'conversation.reopen' : 'conversation.resolve'),
      keys: 'alt+e',
      isOffered: mayReply && !isMerged,
      run: toggle,
    },
    {
      id: 'resolve-with-summary',
      label: t('closing.resolveWith'),
      keys: 'alt+shift+e',
      isOffered: mayReply && !done && keepsSummaries,
      run: () => askFirst(version => setCategory('resolved', version)),
    },
    {
      id: 'wait',
      label: t('conversation.waitForCustomer'),
      isOffered: mayReply,
      run: () => setCategory('waiting_customer'),
    },
    {
      id: 'promise',
      label: t('promise.make'),
      isOffered: mayReply && !done,
      run: () => setPromising(true),
    },
    {
      id: 'snooze',
      label: t('snooze.action'),
      keys: 'alt+m',
      isOffered: mayReply && !done,
      run: () => setSnoozing(true),
    },
    {
      id: 'wake',
      label: t('snooze.end'),
      isOffered: mayReply && isSnoozed,
      run: () => endSnooze.mutate(undefined, refuse),
    },
    {
      id: 'take',
      label: t('conversation.take'),
      keys: 'alt+a',
      isOffered: mayAssign && !isMine,
      run: take,
    },
    {
      id: 'search-inside',
      label: t('search.inside'),
      keys: 'alt+shift+f',
      isOffered: true,
      run: () => setSearching(true),
    },
    {
      id: 'transfer',
      label: t('conversation.transfer'),
      keys: 'alt+t',
      isOffered: mayAssign,
      run: () => setTransferring(true),
    },
    ...priorities
      .filter(priority => priority !== row.priority)
      .map(priority => ({
        id: `priority-${priority}`,
        label: t('conversation.priorityTo', { priority: t(`priority.${priority}`) }),
        isOffered: mayReply,
        run: () =>
          act([{ code: 'set_priority', params: { priority } }], {
            said: t('acted.priority', { name: t(`priority.${priority}`) }),
          }),
      })),
    {
      id: 'tags',
      label: t('context.addTag'),
      keys: 'alt+g',
      isOffered: mayReply,
      run: () => focusField(tagsField),
    },
    {
      id: 'reason',
      label: t('reason.choose'),
      keys: 'alt+r',
      isOffered: mayReply,
      run: () => focusField(reasonField),
    },
    {
      id: 'unread',
      label: t('conversation.markUnread'),
      keys: 'alt+shift+u',
      isOffered: true,
      run: leaveUnread,
    },
    {
      id: 'copy-link',
      label: t('conversation.copyLink'),
      keys: 'alt+shift+c',
      isOffered: true,
      run: () => void copyLink(),
    },
    {
      id: 'merge',
      label: t('merging.action'),
      isOffered: mayReply && !isMerged,
      run: () => setMerging(true),
    },
    {
      id: 'link',
      label: t('linking.action'),
      isOffered: mayReply,
      run: () => setLinking(true),
    },
    {
      id: 'split',
      label: t('splitting.action'),
      isOffered: mayReply && canSplit(row),
      run: () => setSplitting(true),
    },
    {
      id: 'spam',
      label: t('spam.mark'),
      isOffered: mayReply && !isMerged && !row.isSpam,
      run: () => act([{ code: 'mark_spam', params: {} }], { said: t('spam.marked') }),
    },
    {
      id: 'not-spam',
      label: t('spam.unmark'),
      isOffered: mayReply && row.isSpam,
      run: () => act([{ code: 'unmark_spam', params: {} }], { said: t('spam.unmarked') }),
    },
    {
      id: 'block-sender',
      label: t('blocked.blockMore'),
      isOffered: mayReply && sender !== undefined && !isBlocked,
      run: () => setTurning('block'),
    },
    {
      id: 'unblock-sender',
      label: t('blocked.unblockSender'),
      words: t('blocked.block'),
      isOffered: mayReply && isBlocked,
      run: () => setTurning('unblock'),
    },
    {
      id: 'unmerge',
      label: t('merging.undo'),
      isOffered: mayReply && isMerged,
      run: () => undoMerge.mutate(undefined, refuse),
    },
  ]
  const further = actions.filter(({ id, isOffered }) => isOffered && inMenu.has(id))
  useActions(
    actions
      .filter(({ isOffered }) => isOffered)
      .map(action => ({ ...action, section: 'conversation' as const })),
  )

  return (
    <header className={css.header}>
      <div className={css.first}>
        <h2 className={`cut ${css.name}`} dir="auto">
          <Link to="/customers/$customerId" params={{ customerId: row.customer.id }}>
            {nameOf(row.customer)}
          </Link>
        </h2>
        <span className={css.number}>{t('conversation.number', { number: row.number })}</span>
        {!done && <ClocksButton row={row} onPromise={mayReply ? () => setPromising(true) : undefined} />}
        <span className={`cut ${css.subject}`} title={row.subject ?? undefined}>
          <bdi>{row.subject}</bdi>
        </span>
        <DraftWriters id={row.id} />
        <Viewers id={row.id} />
        <Tooltip title={`${t('search.inside')}  ${spellKeys('alt+shift+f')}`}>
          <Button
            icon={<SearchOutlined />}
            aria-label={t('search.inside')}
            onClick={() => setSearching(true)}
          />
        </Tooltip>
        {mayAssign && (
          <Tooltip title={`${t('conversation.transfer')}  ${spellKeys('alt+t')}`}>
            <Button
              icon={<SwapOutlined />}
              aria-label={t('conversation.transfer')}
              onClick={() => setTransferring(true)}
            />
          </Tooltip>
        )}
        {mayReply && !done && (
          <Tooltip title={`${t('snooze.title')}  ${spellKeys('alt+m')}`}>
            <Button
              icon={<ClockCircleOutlined />}
              aria-label={t('snooze.title')}
              onClick={() => setSnoozing(true)}
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
        <AssigneeChoice
          row={row}
          mayAssign={mayAssign}
          onTake={take}
          onTransfer={() => setTransferring(true)}
        />
        <i className={css.dot} />
        <StatusChoice row={row} mayChange={mayReply && !isMerged} onSnooze={() => setSnoozing(true)} />
        {isSnoozed && (
          <span className={css.snoozed}>
            {row.snoozedUntil && <SnoozedUntil at={row.snoozedUntil} />}
            {mayReply && (
              <Button
                type="link"
                size="small"
                loading={endSnooze.isPending}
                onClick={() => endSnooze.mutate(undefined, refuse)}
              >
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
      {isSearching && <ThreadSearch conversationId={row.id} onClose={() => setSearching(false)} />}
      {dialog}
      {isPromising && <PromiseDialog conversationId={row.id} onClose={() => setPromising(false)} />}
      {isSnoozing && (
        <SnoozeDialog
          row={row}
          onClose={() => setSnoozing(false)}
          onChoose={until =>
            act([{ code: 'snooze', params: { until: until.toISOString() } }], {
              said: t('acted.snoozed', { moment: spellSoon(until, i18n.language, zone) }),
              expectedVersion: row.version,
            })
          }
        />
      )}
      {turning === 'unblock' && <UnblockDialog id={row.identityId} onClose={() => setTurning(null)} />}
      {turning === 'block' && (
        <BlockDialog
          offersSpam={!row.isSpam && !isMerged}
          onClose={() => setTurning(null)}
          onBlock={marksSpam => {
            setTurning(null)
            block(marksSpam)
          }}
        />
      )}
      {isMerging && <MergeDialog row={row} onClose={() => setMerging(false)} />}
      {isLinking && <LinkDialog row={row} onClose={() => setLinking(false)} />}
      {isSplitting && <SplitDialog row={row} onClose={() => setSplitting(false)} />}
      {isTransferring && <TransferDialog row={row} onClose={() => setTransferring(false)} />}
    </header>
  )
}

function DraftWriters({ id }: { id: string }) {
  const { t } = useTranslation()
  const writers = useDraftWriters(id)
  if (writers.length === 0) return null
  return (
    <span className={css.viewers}>
      <FormOutlined className="quiet" />
      {writers.map(writer => {
        const name = writer.name ?? t('presence.someone')
        return (
          <Tooltip key={writer.id} title={t('presence.draftBy', { name })}>
            <span>
              <Avatar name={name} size={24} tone="staff" />
            </span>
          </Tooltip>
        )
      })}
    </span>
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
