import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay, useMe } from '../../api/session.ts'
import { useActions } from '../../shell/actions.ts'
import { useRefusal } from '../../ui/refusal.ts'
import { useSender } from '../customers/blocked-senders/api.ts'
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
import { canSplit } from './splitting/api.ts'
import type { ThreadDialog } from './thread-dialogs.tsx'

/** Done seldom: behind a button. */
const inMenu = new Set([
  ...['merge', 'unmerge', 'link', 'split'],
  ...['spam', 'not-spam', 'block-sender', 'unblock-sender'],
])

/**
 * What can be done to a conversation: offered to the keys and the command bar, `further` of it in a menu, and what
 * the header has a place of its own for by name.
 */
export function useThreadActions(row: ConversationRow, open: (dialog: ThreadDialog) => void) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const me = useMe()
  const may = useMay()
  const spell = useRefusal()
  const { act, isPending } = useActs(row.id)
  const undoMerge = useUndoMerge(row.id)
  const endSnooze = useEndSnooze(row.id)
  const sender = useSender(row)
  const isBlocked = Boolean(sender?.blockedAt)
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
  const wake = () => endSnooze.mutate(undefined, refuse)

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
      run: () => open('promise'),
    },
    {
      id: 'snooze',
      label: t('snooze.action'),
      keys: 'alt+m',
      isOffered: mayReply && !done,
      run: () => open('snooze'),
    },
    {
      id: 'wake',
      label: t('snooze.end'),
      isOffered: mayReply && isSnoozed,
      run: wake,
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
      run: () => open('search'),
    },
    {
      id: 'transfer',
      label: t('conversation.transfer'),
      keys: 'alt+t',
      isOffered: mayAssign,
      run: () => open('transfer'),
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
      run: () => open('merge'),
    },
    {
      id: 'link',
      label: t('linking.action'),
      isOffered: mayReply,
      run: () => open('link'),
    },
    {
      id: 'split',
      label: t('splitting.action'),
      isOffered: mayReply && canSplit(row),
      run: () => open('split'),
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
      run: () => open('block'),
    },
    {
      id: 'unblock-sender',
      label: t('blocked.unblockSender'),
      words: t('blocked.block'),
      isOffered: mayReply && isBlocked,
      run: () => open('unblock'),
    },
    {
      id: 'unmerge',
      label: t('merging.undo'),
      isOffered: mayReply && isMerged,
      run: () => undoMerge.mutate(undefined, refuse),
    },
  ]
  const offered = actions.filter(({ isOffered }) => isOffered)
  useActions(offered.map(action => ({ ...action, section: 'conversation' as const })))

  return {
    further: offered.filter(({ id }) => inMenu.has(id)),
    ...{ take, toggle, wake, closingDialog: dialog },
    ...{ isPending, isWaking: endSnooze.isPending },
  }
}
