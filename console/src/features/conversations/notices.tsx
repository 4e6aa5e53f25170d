import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { App } from 'antd'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { onEvent, type PushedEvent } from '../../api/realtime.ts'
import { serverNow } from '../../api/server-time.ts'
import { useMay, useMe } from '../../api/session.ts'
import { countInTitle, notifyDesktop, ring } from '../../shell/attention.ts'
import { ClockChip } from '../../ui/clock-chip.tsx'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { useNameOf } from '../customers/name.ts'
import { notificationSettings } from '../profile/api.ts'
import { type ConversationRow, conversation, fetchPage } from './api.ts'
import css from './notices.module.css'
import { concerns, kindOfNotice, type NoticeKind, waysNow } from './notifying.ts'

type Notice = { kind: NoticeKind; conversationId: string }

const pauseMs = 700
const shownSeconds = 8
/** In the corner of the screen; the rest is heard, and seen in the list. */
const shown: readonly NoticeKind[] = ['assigned', 'mention', 'escalation']

/** Tells an agent of what concerns him, by what he chose: sound, desktop, the title of the tab, and on the screen. */
export function useNotices() {
  const { t } = useTranslation()
  const { notification } = App.useApp()
  const queries = useQueryClient()
  const navigate = useNavigate()
  const me = useMe()
  const nameOf = useNameOf()
  const zone = useReaderZone()
  const mayRead = useMay()('conversations:read')
  const settings = useQuery({ ...notificationSettings(), enabled: mayRead }).data

  useEffect(() => {
    if (!settings || !mayRead) return
    let waiting: Notice[] = []
    let timer: ReturnType<typeof setTimeout> | undefined
    let untended = 0

    function hear(event: PushedEvent) {
      const kind = kindOfNotice(event, me.id)
      if (!kind || !event.conversationId) return
      if (!shown.includes(kind) && !Object.values(settings!.ways[kind]).some(Boolean)) return
      waiting.push({ kind, conversationId: event.conversationId })
      timer ??= setTimeout(act, pauseMs)
    }

    async function act() {
      timer = undefined
      const heard = waiting
      waiting = []
      const rows = await rowsOf([...new Set(heard.map(({ conversationId }) => conversationId))]).catch(
        () => [],
      )
      const told = new Set<string>()
      for (const { kind, conversationId } of heard) {
        const row = rows.find(({ id }) => id === conversationId)
        const key = `${kind} ${conversationId}`
        if (!row || told.has(key) || !concerns(kind, row, me.id)) continue
        told.add(key)
        tell(kind, row)
      }
    }

    /** One small fetch for whatever came together. */
    async function rowsOf(ids: string[]): Promise<ConversationRow[]> {
      if (ids.length === 1) return [await queries.fetchQuery({ ...conversation(ids[0]!), staleTime: 0 })]
      return (await fetchPage({ view: 'all', ids: ids.slice(-mostAtOnce).join(',') })).items
    }

    function tell(kind: NoticeKind, row: ConversationRow) {
      const isLooking = isAt(row.id)
      const ways = waysNow(kind, settings!, { isLooking, time: timeIn(zone) })
      const title = t(`notice.${kind}`, { name: nameOf(row.customer) })
      const open = () =>
        navigate({ to: '/inbox/$conversationId', params: { conversationId: row.id }, search: {} })
      if (ways.sound) void ring(kind, settings!.volume)
      if (ways.desktop) notifyDesktop(title, row.preview?.text ?? '', open)
      if (ways.title && !document.hasFocus()) countInTitle(++untended)
      if (isLooking || !shown.includes(kind)) return
      notification.open({
        key: row.id,
        title,
        className: kind === 'escalation' ? css.escalation : undefined,
        description: (
          <>
            {kind === 'escalation' && row.clock && <ClockChip clock={row.clock} />}{' '}
            <span dir="auto">{row.preview?.text}</span>
          </>
        ),
        placement: 'topRight',
        duration: kind === 'escalation' ? false : shownSeconds,
        onClick: () => {
          notification.destroy(row.id)
          open()
        },
      })
    }

    function attend() {
      untended = 0
      countInTitle(0)
    }

    const stop = onEvent(hear)
    window.addEventListener('focus', attend)
    return () => {
      stop()
      clearTimeout(timer)
      window.removeEventListener('focus', attend)
    }
  }, [queries, me.id, navigate, notification, nameOf, t, settings, mayRead, zone])
}

const mostAtOnce = 50

const timeIn = (zone: string | undefined) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' }).format(serverNow())

/** Who is looking at it, or has just taken it there, need not be told. */
const isAt = (conversationId: string) => !document.hidden && window.location.pathname.endsWith(conversationId)
