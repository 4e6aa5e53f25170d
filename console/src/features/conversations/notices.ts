import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App } from 'antd'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { onEvent } from '../../api/realtime.ts'
import { useMe } from '../../api/session.ts'
import { chime, countInTitle, notifyDesktop } from '../../shell/attention.ts'
import { conversation, conversationCounts } from './api.ts'

/** Tells an agent of a conversation that has come to him: by sound, on the screen, on the desktop, in the title. */
export function useNotices() {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const me = useMe()
  const known = useRef(new Map<string, string | null>())
  const mine = useQuery(conversationCounts()).data?.mine ?? 0

  useEffect(() => countInTitle(mine), [mine])

  useEffect(
    () =>
      onEvent(async ({ name, conversationId, actorId }) => {
        if (name !== 'conversation.assigned' || !conversationId || actorId === me.id) return
        const row = await queries.fetchQuery({ ...conversation(conversationId), staleTime: 0 }).catch(() => null)
        const before = known.current.get(conversationId)
        const now = row?.assignee?.id ?? null
        known.current.set(conversationId, now)
        if (!row || now !== me.id || before === me.id) return
        const open = () => navigate({ to: '/inbox/$conversationId', params: { conversationId }, search: {} })
        chime(row.priority === 'urgent' ? 'urgent' : 'new')
        notifyDesktop(t('notice.assigned', { name: row.customer.name }), row.preview?.text ?? '', open)
        notification.open({
          key: conversationId,
          title: t('notice.assigned', { name: row.customer.name }),
          description: row.preview?.text,
          placement: 'topRight',
          duration: 8,
          onClick: () => {
            notification.destroy(conversationId)
            open()
          },
        })
      }),
    [queries, me.id, navigate, notification, t],
  )
}
