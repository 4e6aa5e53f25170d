import { SafetyCertificateOutlined } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Alert, App, Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../../ui/refusal.ts'
import { Time } from '../../ui/time.tsx'
import { type AuditVerification, auditVerification, useVerifyAudit } from './api.ts'
import css from './audit.module.css'
import { useSpellEntry } from './spell-entry.ts'

/** What the last verification found, and the button for the next. */
export function Verdict() {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const { data, isPending } = useQuery(auditVerification())
  const verify = useVerifyAudit()
  const isRunning = data?.state === 'running'
  if (isPending) return null
  return (
    <Alert
      className={`${css.verdict} ${(data && css[data.state]) ?? ''}`}
      showIcon
      type={!data || isRunning ? 'info' : data.state === 'holds' ? 'success' : 'error'}
      title={
        !data
          ? t('audit.neverVerified')
          : data.state === 'running'
            ? t('audit.verifying')
            : t(`audit.${data.state}`)
      }
      description={data && !isRunning && <Found verification={data} />}
      action={
        <Button
          icon={<SafetyCertificateOutlined />}
          loading={isRunning || verify.isPending}
          onClick={() => verify.mutate(undefined, { onError: error => void message.error(spell(error)) })}
        >
          {t('audit.verify')}
        </Button>
      }
    />
  )
}

function Found({ verification }: { verification: AuditVerification }) {
  const { t } = useTranslation()
  const spell = useSpellEntry()
  const { state, entries, anchorN, fault, faultN, entry, askedBy, doneAt } = verification
  return (
    <>
      {state === 'holds' ? (
        <p>
          {t('audit.holdsText', { count: entries ?? 0 })}{' '}
          {anchorN === null ? t('audit.notAnchored') : t('audit.anchored', { n: anchorN })}
        </p>
      ) : (
        <>
          <p>
            <strong>{fault && t(`audit.fault.${fault}`, { n: faultN ?? '' })}</strong>{' '}
            {t('audit.before', { count: entries ?? 0 })}
          </p>
          {entry && (
            <p>
              {spell.who(entry)}: {spell.action(entry.action)}, <Time at={entry.at} as="moment" />{' '}
              <span className={css.id}>{entry.object}</span>
            </p>
          )}
        </>
      )}
      <p className={css.by}>
        {askedBy && `${t('audit.verifiedBy', { who: askedBy })}, `}
        {doneAt && <Time at={doneAt} as="moment" />}
      </p>
    </>
  )
}
