import {
  BarChartOutlined,
  MessageOutlined,
  SearchOutlined,
  SettingOutlined,
  TeamOutlined,
} from '@ant-design/icons'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { followEvents } from '../api/realtime.ts'
import { useLiveConversations } from '../features/conversations/live.ts'
import { useNotices } from '../features/conversations/notices.tsx'
import { QueueCount } from '../features/conversations/queue-count.tsx'
import { useOutboxRetries } from '../features/conversations/sending.ts'
import { useSuspensions } from '../features/flows/use-suspensions.ts'
import { useChosenZone } from '../features/settings/chosen-zone.ts'
import { Shell } from '../shell/shell.tsx'
import { ReaderZone } from '../ui/reader-zone.ts'

/** The desk of whoever is signed in, by whose clock all of it is written. */
export function Desk() {
  return (
    <ReaderZone value={useChosenZone()}>
      <Frame />
    </ReaderZone>
  )
}

/** The frame, and what goes on behind every screen. */
function Frame() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  useEffect(() => followEvents(queries), [queries])
  useLiveConversations()
  useNotices()
  useOutboxRetries()
  useSuspensions()

  return (
    <Shell
      status={<QueueCount />}
      go={to => navigate({ to })}
      places={[
        {
          to: '/inbox',
          label: t('place.inbox'),
          icon: <MessageOutlined />,
          permission: 'conversations:read',
          keys: 'alt+i',
        },
        {
          to: '/customers',
          label: t('place.customers'),
          icon: <TeamOutlined />,
          permission: 'customers:read',
          keys: 'alt+c',
        },
        {
          to: '/search',
          label: t('search.title'),
          icon: <SearchOutlined />,
          permission: 'conversations:read',
          keys: 'alt+f',
        },
        {
          to: '/insight',
          label: t('place.insight'),
          icon: <BarChartOutlined />,
          permission: 'insight:read',
          keys: 'alt+w',
        },
        { to: '/settings', label: t('place.settings'), icon: <SettingOutlined />, keys: 'alt+s' },
      ]}
    />
  )
}
