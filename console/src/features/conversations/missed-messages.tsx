import { Button } from 'antd'
import { useTranslation } from 'react-i18next'
import { Time } from '../../ui/time.tsx'
import type { Message } from './api.ts'
import css from './missed-messages.module.css'

type Props = { missed: Message[]; onSend: () => void; onLeave: () => void }

/** Stands between a reply and a customer who wrote something else meanwhile. */
export function MissedMessages({ missed, onSend, onLeave }: Props) {
  const { t } = useTranslation()
  return (
    <div className={css.missed} role="alert">
      <p className="strong">{t('missed.title', { count: missed.length })}</p>
      <ul>
        {missed.map(({ id, author, text, attachments, createdAt }) => (
          <li key={id}>
            <span className={css.who} dir="auto">
              {author?.name}
            </span>
            <span className={css.text} dir="auto">
              {text || t('missed.files', { count: attachments.length })}
            </span>
            <span className={css.when}>
              <Time at={createdAt} as="time" />
            </span>
          </li>
        ))}
      </ul>
      <div className={css.acts}>
        <Button size="small" onClick={onLeave}>
          {t('missed.rewrite')}
        </Button>
        <Button size="small" type="primary" onClick={onSend}>
          {t('missed.sendAnyway')}
        </Button>
      </div>
    </div>
  )
}
