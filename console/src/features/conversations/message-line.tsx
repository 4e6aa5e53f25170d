import { CommentOutlined, LockOutlined } from '@ant-design/icons'
import { memo } from 'react'
import { useTranslation } from 'react-i18next'
import { Time } from '../../ui/time.tsx'
import type { Message } from './api.ts'
import { Attachments } from './attachments.tsx'
import { DeliveryMark } from './delivery-mark.tsx'
import { MailMessage } from './mail/mail-message.tsx'
import css from './message-line.module.css'
import { SystemLine } from './system-line.tsx'
import { SpokenText } from './translation/spoken-text.tsx'

type Props = {
  message: Message
  opens: boolean
  closes: boolean
  customerName: string
  /** Of the conversation. */
  subject: string | null
}

/** The customer on the left, we on the right, notes yellow, what the house did in the middle. */
export const MessageLine = memo(function MessageLine({ message, subject, ...line }: Props) {
  const { kind, mail } = message
  if (kind === 'system') return <SystemLine message={message} />
  if (mail)
    return <MailMessage message={{ ...message, mail }} subject={subject} customerName={line.customerName} />
  return <Bubble message={message} {...line} />
})

function Bubble({ message, opens, closes, customerName }: Omit<Props, 'subject'>) {
  const { t } = useTranslation()
  const { kind, isWhisper, author, text, attachments, delivery, createdAt } = message
  const name = author?.name || (kind === 'customer' ? customerName : '')
  return (
    <article
      className={`${css.line} ${css[kind]} ${isWhisper ? css.whisper : ''} ${opens ? css.opens : ''} ${closes ? css.closes : ''}`}
      data-seq={message.seq}
    >
      {opens && (
        <header className={css.author}>
          {kind === 'note' && (isWhisper ? <CommentOutlined /> : <LockOutlined />)}
          <span dir="auto">{name}</span>
          {kind === 'note' && <span>{t(isWhisper ? 'watch.whisper' : 'thread.note')}</span>}
        </header>
      )}
      {text && (
        <div className={css.bubble}>
          <SpokenText message={message} />
        </div>
      )}
      {attachments.length > 0 && <Attachments items={attachments} isOwn={kind !== 'customer'} />}
      {(closes || (delivery && delivery.state !== 'read')) && (
        <footer className={css.foot}>
          <Time at={createdAt} as="time" />
          {delivery && <DeliveryMark state={delivery.state} reason={delivery.reason} />}
        </footer>
      )}
    </article>
  )
}
