import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Time } from '../../ui/time.tsx'
import { conversationsOf } from '../customers/api.ts'
import css from './other-conversations.module.css'

export function OtherConversations({ customerId, except }: { customerId: string; except: string }) {
  const { t } = useTranslation()
  const { at: _, ...search } = useSearch({ strict: false })
  const items = useQuery(conversationsOf(customerId)).data?.filter(({ id }) => id !== except)
  if (!items) return null
  if (items.length === 0) return <p className="quiet small">{t('context.noOthers')}</p>
  return (
    <ul>
      {items.slice(0, 5).map(({ id, number, preview, summary, status, lastActivityAt, store }) => (
        <li key={id}>
          <Link
            to="/inbox/$conversationId"
            params={{ conversationId: id }}
            search={search}
            className={css.other}
          >
            <span className="cut" dir="auto">
              {summary ?? preview?.text ?? t('conversation.number', { number })}
            </span>
            <span className={css.about}>
              {t(`status.${status.category}`)} · {store.name} · <Time at={lastActivityAt} />
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
