import { useTranslation } from 'react-i18next'
import { spellMoment } from '../../ui/spell.ts'
import { Time } from '../../ui/time.tsx'
import type { Message } from './api.ts'
import { MailReportLine } from './mail/mail-report-line.tsx'
import css from './system-line.module.css'

/** What the house did, told in the reader's language from the event and its particulars. */
export function SystemLine({ message: { system, text, createdAt } }: { message: Message }) {
  const { t, i18n } = useTranslation()
  if (system?.event.startsWith('mail.'))
    return <MailReportLine event={system.event} params={system.params} at={createdAt} />
  const told =
    system &&
    t(`system.${system.event as 'conversation.resolved'}`, {
      ...system.params,
      ...(typeof system.params.dueAt === 'string' && {
        at: spellMoment(new Date(system.params.dueAt), i18n.language, ownZone()),
      }),
      defaultValue: '',
    })
  return (
    <p className={css.line}>
      <span dir="auto">{told || text || system?.event}</span> <Time at={createdAt} as="time" />
    </p>
  )
}

const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

export function ResolvedLine({ at }: { at: string }) {
  const { t } = useTranslation()
  return (
    <p className={css.line}>
      {t('thread.resolved')} <Time at={at} as="time" />
    </p>
  )
}
