import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { onEvent } from '../../api/realtime.ts'
import { useMay, useMe } from '../../api/session.ts'
import { chime, countInTitle, notifyDesktop } from '../../shell/attention.ts'
import { useNameOf } from '../customers/name.ts'
import { conversation, conversationCounts } from './api.ts'

/** Tells an agent of a conversation that has come to him: by sound, on the screen, on the desktop, in the title. */
export function useNotices() {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const me = useMe()
  const nameOf = useNameOf()
  const may = useMay()
  const counts = useQuery({ ...conversationCounts(), enabled: may('conversations:read') }).data
  const mine = counts?.mine ?? 0

  useEffect(() => countInTitle(mine), [mine])

  useEffect(
    () =>
      onEvent(async ({ name, conversationId, staffId }) => {
        const isTold = name === 'conversation.assigned' || name === 'mention.made' || name === 'whisper.made'
        if (!isTold || !conversationId || staffId !== me.id || isAt(conversationId)) return
        const row = await queries
          .fetchQuery({ ...conversation(conversationId), staleTime: 0 })
          .catch(() => null)
        if (!row || (name === 'conversation.assigned' && row.assignee?.id !== me.id)) return
        const key = keys[name as keyof typeof keys]
        const title = t(key, { name: nameOf(row.customer) })
        const open = () => navigate({ to: '/inbox/$conversationId', params: { conversationId }, search: {} })
        chime(row.priority === 'urgent' ? 'urgent' : 'new')
        notifyDesktop(title, row.preview?.text ?? '', open)
        notification.open({
          key: conversationId,
          title,
          description: row.preview?.text,
          placement: 'topRight',
          duration: 8,
          onClick: () => {
            notification.destroy(conversationId)
            open()
          },
        })
      }),
    [queries, me.id, navigate, notification, nameOf, t],
  )
}

const keys = {
  'conversation.assigned': 'notice.assigned',
  'mention.made': 'notice.mentioned',
  'whisper.made': 'notice.whispered',
} as const

/** Who is looking at it, or has just taken it there, need not be told. */
const isAt = (conversationId: string) => !document.hidden && window.location.pathname.endsWith(conversationId)
