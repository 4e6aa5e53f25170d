import { useTranslation } from 'react-i18next'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { spellMoment } from '../../ui/spell.ts'
import { Time } from '../../ui/time.tsx'
import type { Message } from './api.ts'
import { LinkLine } from './linking/link-line.tsx'
import { MailReportLine } from './mail/mail-report-line.tsx'
import { MergeLine } from './merging/merge-lines.tsx'
import { SplitLine } from './splitting/split-lines.tsx'
import css from './system-line.module.css'

const mergeEvents = new Set(
  ['merged', 'taken_out', 'took_in', 'gave_back'].map(what => `conversation.${what}`),
)

const linkEvents = new Set(['conversation.linked', 'conversation.unlinked'])
const splitEvents = new Set(['conversation.split_off', 'conversation.split_from'])

/** What the house did, told in the reader's language from the event and its particulars. */
export function SystemLine({ message: { system, text, createdAt } }: { message: Message }) {
  const { t, i18n } = useTranslation()
  const zone = useReaderZone()
  if (system?.event.startsWith('mail.'))
    return <MailReportLine event={system.event} params={system.params} at={createdAt} />
  if (system?.event === 'summary.written') return <SummaryLine params={system.params} at={createdAt} />
  if (system && mergeEvents.has(system.event))
    return <MergeLine event={system.event} params={system.params} at={createdAt} />
  if (system && linkEvents.has(system.event))
    return <LinkLine event={system.event} params={system.params} at={createdAt} />
  if (system && splitEvents.has(system.event))
    return <SplitLine event={system.event} params={system.params} at={createdAt} />
  const told =
    system &&
    t(`system.${keyOf(system) as 'conversation.resolved'}`, {
      ...system.params,
      ...(typeof system.params.until === 'string' && {
        until: spellMoment(new Date(system.params.until), i18n.language, zone),
      }),
      ...(typeof system.params.dueAt === 'string' && {
        at: spellMoment(new Date(system.params.dueAt), i18n.language, zone),
      }),
      defaultValue: '',
    })
  return (
    <p className={css.line}>
      <span dir="auto">{told || text || system?.event}</span> <Time at={createdAt} as="time" />
    </p>
  )
}

/** What brings a conversation back is told in a sentence for each reason. */
const keyOf = ({ event, params }: NonNullable<Message['system']>) =>
  event === 'conversation.woken' ? `${event}.${params.why}` : event

export function ResolvedLine({ at }: { at: string }) {
  const { t } = useTranslation()
  return (
    <p className={css.line}>
      {t('thread.resolved')} <Time at={at} as="time" />
    </p>
  )
}

const parts = ['wanted', 'done', 'promised'] as const

/** What came of it, each part on a line of its own. */
function SummaryLine({ params, at }: { params: Record<string, unknown>; at: string }) {
  const { t } = useTranslation()
  return (
    <div className={css.summary}>
      <p>
        {t('closing.writtenBy', { name: String(params.name) })} <Time at={at} as="time" />
      </p>
      <dl>
        {parts
          .filter(part => params[part])
          .map(part => (
            <div key={part}>
              <dt>{t(`closing.${part}`)}</dt>
              <dd dir="auto">{String(params[part])}</dd>
            </div>
          ))}
      </dl>
    </div>
  )
}
