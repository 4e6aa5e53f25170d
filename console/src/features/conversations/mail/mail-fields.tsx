import { DownOutlined, WarningFilled } from '@ant-design/icons'
import { Button, Input } from 'antd'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import type { MailDraft } from './api.ts'
import css from './mail-fields.module.css'
import { PeopleField } from './people-field.tsx'
import {
  type Field,
  type MailEdits,
  noEdits,
  othersLeft,
  readCorrespondent,
  recipientsOf,
  spellCorrespondent,
  suppressedAmong,
  unreadable,
} from './recipients.ts'

type Props = { draft: MailDraft | undefined; edits: MailEdits; onChange: (edits: MailEdits) => void }

/** To whom a reply goes and under which subject: one quiet line until somebody wants it otherwise. */
export function MailFields({ draft, edits, onChange }: Props) {
  const { t } = useTranslation()
  const may = useMay()
  const [isOpen, setOpen] = useState(false)
  // Once it is on its way the next one is as usual again.
  useEffect(() => {
    if (edits === noEdits) setOpen(false)
  }, [edits])
  const mayAddress = may('customers:contact-details')
  const set = (field: Field, typed: string[]) => onChange({ ...edits, [field]: typed })
  const subject = edits.subject ?? draft?.subject ?? ''
  const others = draft && mayAddress ? othersLeft(draft, edits) : []
  const warned = draft ? suppressedAmong(draft, edits) : []
  const faults = unreadable(edits)
  const hasNobody = draft !== undefined && recipientsOf(draft, edits, 'to').length === 0
  return (
    <div className={css.fields}>
      <button
        type="button"
        className={`plain ${css.line}`}
        aria-expanded={isOpen}
        title={t(isOpen ? 'mail.closeFields' : 'mail.openFields')}
        onClick={() => setOpen(!isOpen)}
      >
        <span className={`cut ${css.summary}`}>
          {isOpen ? t('mail.from') : t('mail.to')}{' '}
          {isOpen ? (
            <bdi>{draft && spellCorrespondent(draft.from)}</bdi>
          ) : (
            <Summary draft={draft} edits={edits} subject={subject} />
          )}
        </span>
        <DownOutlined className={`${css.arrow} ${isOpen ? css.turned : ''}`} />
      </button>
      {isOpen && (
        <div className={css.grid}>
          {(['to', 'cc', 'bcc'] as const).map(field => (
            <PeopleField
              key={field}
              label={t(`mail.${field}`)}
              value={recipientsOf(draft, edits, field)}
              onChange={typed => set(field, typed)}
              isReadOnly={!mayAddress}
            />
          ))}
          {others.length > 0 && (
            <div className={css.others}>
              <Button
                size="small"
                type="link"
                onClick={() => set('cc', [...edits.cc, ...others.map(spellCorrespondent)])}
              >
                {t('mail.addOthers', { count: others.length })}
              </Button>
              <span className="quiet cut">
                {others.map(({ name, address }) => name || address).join(t('mail.comma'))}
              </span>
            </div>
          )}
          <label className={css.subject}>
            <span>{t('mail.subject')}</span>
            <Input
              variant="borderless"
              size="small"
              dir="auto"
              maxLength={400}
              value={subject}
              onChange={event => onChange({ ...edits, subject: event.target.value })}
            />
          </label>
        </div>
      )}
      {warned.map(({ address, reason }) => (
        <p key={address} className={css.warning} role="status">
          <WarningFilled /> {t(`mail.suppressed.${reason as 'manual'}`, { address })}
        </p>
      ))}
      {(faults.length > 0 || hasNobody) && (
        <p className={css.fault} role="alert">
          {faults[0] ? t('mail.notAnAddress', { typed: faults[0] }) : t('mail.needsRecipient')}
        </p>
      )}
    </div>
  )
}

function Summary({ draft, edits, subject }: { draft: Props['draft']; edits: MailEdits; subject: string }) {
  const { t } = useTranslation()
  const named = (field: Field) =>
    recipientsOf(draft, edits, field)
      .map(typed => {
        const read = readCorrespondent(typed)
        return read?.name || read?.address || typed
      })
      .join(t('mail.comma'))
  return (
    <>
      <b>
        <bdi>{named('to')}</bdi>
      </b>
      {(['cc', 'bcc'] as const).map(
        field =>
          edits[field].length > 0 && (
            <span key={field}>
              {' · '}
              {t(`mail.${field}`)} <bdi>{named(field)}</bdi>
            </span>
          ),
      )}
      {' · '}
      <bdi>{subject}</bdi>
    </>
  )
}
