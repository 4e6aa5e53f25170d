import { DownloadOutlined } from '@ant-design/icons'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import { Moment } from '../../../ui/time.tsx'
import type { Correspondent, MailFacts } from './api.ts'
import css from './mail-details.module.css'

const checks = ['spf', 'dkim', 'dmarc'] as const

/** Everything of a mail that is seldom asked for. */
export function MailDetails({ mail }: { mail: MailFacts }) {
  const { t } = useTranslation()
  const may = useMay()
  const { authentication, findings, inboundId, sentAt } = mail
  return (
    <dl className={css.details}>
      {mail.sender && (
        <>
          <dt>{t('mail.from')}</dt>
          <dd>
            <Person {...mail.sender} />
          </dd>
        </>
      )}
      {(['to', 'cc'] as const).map(
        field =>
          mail[field].length > 0 && (
            <div key={field} className={css.row}>
              <dt>{t(`mail.${field}`)}</dt>
              <dd>
                {mail[field].map((person, index) => (
                  <Person key={index} {...person} />
                ))}
              </dd>
            </div>
          ),
      )}
      <dt>{t('mail.subject')}</dt>
      <dd>
        <bdi>{mail.subject || t('mail.noSubject')}</bdi>
      </dd>
      {sentAt && (
        <>
          <dt>{t('mail.sentAt')}</dt>
          <dd>
            <Moment at={sentAt} />
          </dd>
        </>
      )}
      {authentication && (
        <>
          <dt>{t('mail.checks')}</dt>
          <dd>
            <ul>
              {checks.map(check => (
                <li key={check}>
                  <span className={css.check}>{check.toUpperCase()}</span>{' '}
                  {t(`mail.check.${check}.${wordOf(authentication[check])}`)}
                </li>
              ))}
            </ul>
            {authentication.by && (
              <span className="quiet">
                {authentication.by === 'afar'
                  ? t('mail.checkedByUs')
                  : t('mail.checkedBy', { server: authentication.by })}
              </span>
            )}
          </dd>
        </>
      )}
      {findings.length > 0 && (
        <>
          <dt>{t('mail.findings')}</dt>
          <dd>
            <ul>
              {findings.map(finding => (
                <li key={finding}>{t(`mail.finding.${finding as 'text_cut'}`, { defaultValue: finding })}</li>
              ))}
            </ul>
          </dd>
        </>
      )}
      {inboundId !== null && may('channels:manage') && may('customers:contact-details') && (
        <>
          <dt>{t('mail.raw')}</dt>
          <dd>
            <a href={`/api/inbound/${inboundId}/raw`} download>
              <DownloadOutlined /> {t('mail.saveRaw')}
            </a>
          </dd>
        </>
      )}
    </dl>
  )
}

function Person({ name, address }: Correspondent) {
  return (
    <span className={css.person}>
      {name && <bdi>{name}</bdi>} <bdi className={name ? 'quiet' : undefined}>{address}</bdi>
    </span>
  )
}

/** What the console has words for: passed, failed, nothing to check, or could not be checked. */
function wordOf(result: string) {
  if (result === 'pass') return 'pass'
  if (result === 'fail' || result === 'softfail') return 'fail'
  return result === 'none' || result === 'neutral' ? 'none' : 'unknown'
}
