import { DownOutlined, WarningFilled } from '@ant-design/icons'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Time } from '../../../ui/time.tsx'
import type { Message } from '../api.ts'
import { Attachments } from '../attachments.tsx'
import line from '../message-line.module.css'
import type { Correspondent, MailFacts } from './api.ts'
import { MailContent } from './mail-content.tsx'
import { MailDelivery } from './mail-delivery.tsx'
import { MailDetails } from './mail-details.tsx'
import css from './mail-message.module.css'
import { isSameSubject } from './subject.ts'

type Props = {
  message: Message & { mail: MailFacts }
  customerName: string
  /** Of the conversation: a mail says its own only where it is another. */
  subject: string | null
}

/** A mail in the thread: from whom to whom in one quiet line, what was said, and all else a click away. */
export function MailMessage({ message, customerName, subject }: Props) {
  const { t } = useTranslation()
  const [isOpen, setOpen] = useState(false)
  const [isAsSent, setAsSent] = useState(false)
  const { kind, mail, delivery, createdAt } = message
  const files = message.attachments.filter(file => !isLogo(file))
  const from =
    mail.direction === 'in'
      ? nameOf(mail.sender) || customerName
      : message.author?.name || t('mail.automatic.auto_replied')
  const isForged = mail.authentication?.dmarc === 'fail' || mail.authentication?.dmarc === 'softfail'
  return (
    <article
      className={`${line.line} ${line[kind]} ${line.opens} ${line.closes} ${css.mail}`}
      data-seq={message.seq}
    >
      <div className={css.head}>
        <button
          type="button"
          className={`plain ${css.facts}`}
          aria-expanded={isOpen}
          title={t(isOpen ? 'mail.lessDetails' : 'mail.details')}
          onClick={() => setOpen(!isOpen)}
        >
          <bdi className={`cut ${css.from}`}>{from}</bdi>
          <span aria-hidden>→</span>
          <span className={`cut ${css.to}`}>
            <span className="unseen">{t('mail.to')} </span>
            <Names of={mail.to} />
            {mail.cc.length > 0 && (
              <>
                {' · '}
                {t('mail.cc')} <Names of={mail.cc} />
              </>
            )}
          </span>
          {mail.automatic && mail.direction === 'in' && (
            <span className={css.label}>{t(`mail.automatic.${mail.automatic as 'list'}`)}</span>
          )}
          <Time at={createdAt} as="time" />
          <DownOutlined className={`${css.arrow} ${isOpen ? css.turned : ''}`} />
        </button>
        {mail.hasHtml && (
          <button
            type="button"
            className={`plain ${css.switch}`}
            aria-pressed={isAsSent}
            onClick={() => setAsSent(!isAsSent)}
          >
            {t(isAsSent ? 'mail.asText' : 'mail.asSent')}
          </button>
        )}
      </div>
      <div className={line.bubble}>
        {isOpen && <MailDetails mail={mail} />}
        {isForged && (
          <p className={css.forged} role="note">
            <WarningFilled /> {t('mail.forged')}
          </p>
        )}
        {!isSameSubject(mail.subject, subject) && (
          <p className={css.subject}>
            <bdi>{mail.subject || t('mail.noSubject')}</bdi>
          </p>
        )}
        <MailContent message={message} isAsSent={isAsSent} />
      </div>
      {files.length > 0 && <Attachments items={files} isOwn={kind !== 'customer'} />}
      {delivery && <MailDelivery message={message} delivery={delivery} />}
    </article>
  )
}

function Names({ of }: { of: Correspondent[] }) {
  const { t } = useTranslation()
  const [first, second, ...rest] = of
  if (!first) return <>{t('mail.nobody')}</>
  return (
    <>
      <bdi>{nameOf(first)}</bdi>
      {second && (
        <>
          , <bdi>{nameOf(second)}</bdi>
        </>
      )}
      {rest.length > 0 && ` ${t('mail.andMore', { count: rest.length })}`}
    </>
  )
}

const nameOf = (one: Correspondent | null) => one?.name || one?.address || ''

/** What a signature brings along: small, and part of the layout. A screenshot pasted into the text is larger. */
const isLogo = ({ isInline, width, height }: Message['attachments'][number]) =>
  isInline && (width ?? 0) <= 240 && (height ?? 0) <= 120
