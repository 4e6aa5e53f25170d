import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { spelling } from '../../../i18n/index.ts'
import { Time } from '../../../ui/time.tsx'
import system from '../system-line.module.css'
import { useWhy } from './mail-delivery.tsx'
import css from './mail-report-line.module.css'

type Params = {
  addresses?: string[]
  class?: 'hard' | 'soft' | null
  status?: string | null
  reason?: string
  diagnostic?: string | null
}
type Props = { event: string; params: Params; at: string }

/** What a mail server said of a mail of ours, in our words; its own are a click away. */
export function MailReportLine({ event, params, at }: Props) {
  const { t, i18n } = useTranslation()
  const why = useWhy()
  const [isOpen, setOpen] = useState(false)
  const kind = event.replace('mail.', '') as 'bounce' | 'delay' | 'complaint' | 'partly_refused'
  const { addresses = [], class: how, status, reason = 'unknown', diagnostic } = params
  const spelled = new Intl.ListFormat(spelling(i18n.language)).format(addresses)
  const said = [status, diagnostic].filter(Boolean).join(' · ')
  return (
    <div className={`${system.line} ${kind === 'delay' ? css.delay : css.failure}`} role="note">
      <span>
        {t(addresses.length > 0 ? `mail.report.${kind}` : `mail.report.${kind}Nobody`, {
          addresses: spelled,
          why: why(`bounced_${reason}`),
        })}
        {kind === 'bounce' && how && ` ${t(`mail.report.${how}`)}`}
      </span>{' '}
      <Time at={at} as="time" />
      {said && (
        <>
          {' '}
          <button
            type="button"
            className={`plain ${css.more}`}
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            {t('mail.report.more')}
          </button>
          {isOpen && (
            <p className={`mono ${css.said}`} dir="ltr">
              {said}
            </p>
          )}
        </>
      )}
    </div>
  )
}
