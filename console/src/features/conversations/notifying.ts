import type { Schemas } from '../../api/client.ts'
import type { ConversationRow } from './api.ts'

export type NotificationSettings = Schemas['NotificationSettings']
export const noticeKinds = [
  'assigned',
  'customer_wrote',
  'mention',
  'whisper',
  'escalation',
  'queued',
] as const
export type NoticeKind = (typeof noticeKinds)[number]
export type Ways = NotificationSettings['ways'][NoticeKind]

type Heard = { name: string; byId?: unknown; staffId?: unknown; kind?: unknown }

/** What an event would be to this person, if the conversation is what it takes; null is nobody's notice. */
export function kindOfNotice({ name, byId, staffId, kind }: Heard, meId: string): NoticeKind | null {
  if (name === 'escalation.raised') return 'escalation'
  // A rule calls them; it comes to those alone.
  if (name === 'notice.given') return 'mention'
  if (byId === meId) return null
  if (name === 'conversation.assigned') return staffId === meId ? 'assigned' : null
  if (name === 'mention.made') return staffId === meId ? 'mention' : null
  if (name === 'whisper.made') return staffId === meId ? 'whisper' : null
  if (name === 'conversation.opened') return 'queued'
  if (name !== 'message.added') return null
  return kind === 'customer' ? 'customer_wrote' : kind === 'note' ? 'whisper' : null
}

/** Whether it is so now: what was said meanwhile may have been taken by somebody else. */
export function concerns(
  kind: NoticeKind,
  { assignee, status }: Pick<ConversationRow, 'assignee' | 'status'>,
  meId: string,
) {
  if (kind === 'mention' || kind === 'escalation') return true
  if (kind === 'queued') return assignee === null && (status.category === 'new' || status.category === 'open')
  return assignee?.id === meId
}

const silent: Ways = { sound: false, desktop: false, title: false }

/** By what he is told now. `time` is the hour on his clock, as in 08:30. */
export function waysNow(
  kind: NoticeKind,
  settings: NotificationSettings,
  { isLooking, time }: { isLooking: boolean; time: string },
): Ways {
  const ways = settings.ways[kind]
  if (isLooking && settings.quietWhileLooking) return silent
  return isWithin(settings.doNotDisturb, time) ? { ...silent, title: ways.title } : ways
}

/** From evening to morning where the end comes before the beginning; all day where they are one. */
function isWithin(span: NotificationSettings['doNotDisturb'], time: string) {
  if (!span) return false
  const { from, to } = span
  return from < to ? time >= from && time < to : time >= from || time < to
}
