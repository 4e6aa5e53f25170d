import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Schemas } from '../../../api/client.ts'
import { Time } from '../../../ui/time.tsx'
import { useInboundReason } from '../inbound-reason.ts'
import { mailSteps } from './api.ts'
import css from './mail-channel.module.css'

type Step = Schemas['MailStep']

/** What was decided about a mail, from its arrival to its place. */
export function MailSteps({ inboundId }: { inboundId: number }) {
  const { t } = useTranslation()
  const steps = useQuery(mailSteps(inboundId)).data
  const spell = useSpelledStep()
  if (!steps) return null
  return (
    <>
      <h3 className={css.title}>{t('mailStep.title')}</h3>
      <ol className={css.story}>
        {steps.map((step, index) => (
          <li key={index}>
            <span className="quiet tiny">{step.at && <Time at={step.at} as="time" />}</span>
            <span>{spell(step)}</span>
          </li>
        ))}
      </ol>
    </>
  )
}

function useSpelledStep() {
  const { t } = useTranslation()
  const spellReason = useInboundReason()
  const word = (key: string, value: unknown) =>
    t(key as 'mailStep.title', { defaultValue: String(value ?? '') })
  return ({ step, params }: Step): string => {
    const told = (name: string) => String(params[name] ?? '')
    switch (step) {
      case 'received':
        return t(params.traffic === 'history' ? 'mailStep.receivedHistory' : 'mailStep.received')
      case 'seen':
        return t('mailStep.seen', { folder: told('folder'), uid: told('uid') })
      case 'settled':
        return t('mailStep.settled', { folder: told('folder') })
      case 'read': {
        const findings = Array.isArray(params.findings) ? params.findings : []
        const odd = findings.map(finding => word(`mail.finding.${finding}`, finding)).join(' ')
        const kind = params.automatic ? word(`mail.automatic.${told('automatic')}`, params.automatic) : ''
        return [t('mailStep.read'), kind, odd].filter(Boolean).join(' · ')
      }
      case 'authenticated':
        return [
          `SPF ${told('spf')}`,
          `DKIM ${(Array.isArray(params.dkim) && params.dkim.join(' ')) || 'none'}`,
          `DMARC ${told('dmarc')}`,
          ...(params.by ? [told('by')] : []),
        ].join(' · ')
      case 'threaded':
        return word(`mailStep.threadedBy.${told('by')}`, params.by)
      case 'acknowledgement':
        return word(`mailStep.acknowledgement.${told('decision')}`, params.decision)
      case 'reported':
        return [told('address'), word(`mail.reason.${told('reason')}`, params.reason)]
          .filter(Boolean)
          .join(' · ')
      case 'placed':
        return t('mailStep.placed')
      case 'ignored':
        return t('mailStep.ignored', { why: spellReason(told('reason')) })
      case 'parked':
        return t('mailStep.parked', { why: spellReason(told('reason')) })
      case 'waiting':
        return t('mailStep.waiting', { why: params.reason ? spellReason(told('reason')) : '' })
    }
  }
}
