import { CommentOutlined, LockOutlined, PaperClipOutlined, UserOutlined } from '@ant-design/icons'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Avatar } from '../../ui/avatar.tsx'
import { LanguageTag } from '../../ui/language-tag.tsx'
import { Time } from '../../ui/time.tsx'
import { useNameOf } from '../customers/name.ts'
import type { Hit, Results } from './api.ts'
import css from './found.module.css'
import { Marked } from './marked.tsx'

type Item = Results['items'][number]

/** A conversation and what was found in it; each hit leads to its place in the thread. */
export function FoundLine({ conversation, hits, hitCount }: Item) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const { id, number, customer, store, channelKind, category, assignee, subject, lastActivityAt } =
    conversation
  const params = { conversationId: id }
  return (
    <article className={css.found}>
      <Link to="/inbox/$conversationId" params={params} search={{ at: hits[0]?.seq }} className={css.about}>
        <Avatar name={customer.name} channel={channelKind} size={32} />
        <span className={css.title}>
          <span className="cut strong" dir="auto">
            {nameOf(customer)}
          </span>
          <span className={css.number}>{t('conversation.number', { number })}</span>
          {subject && (
            <span className="cut" dir="auto">
              {subject}
            </span>
          )}
        </span>
        <span className={`quiet ${css.facts}`}>
          <span>{t(`status.${category}`)}</span>
          <span className="cut">{store.name}</span>
          {assignee && <span className="cut">{assignee.name}</span>}
          <Time at={hits[0]?.at ?? lastActivityAt} />
        </span>
      </Link>
      {hits.length > 0 && (
        <ul>
          {hits.map(hit => (
            <li key={hit.messageId}>
              <Link to="/inbox/$conversationId" params={params} search={{ at: hit.seq }} className={css.hit}>
                <HitIcon hit={hit} />
                <span className={css.snippet}>
                  {hit.author && (
                    <span className={css.author} dir="auto">
                      {hit.author}
                    </span>
                  )}
                  <Marked {...hit} />
                </span>
                <span className={`quiet ${css.when}`}>
                  <Time at={hit.at} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {hitCount > hits.length && (
        <p className={css.more}>{t('search.moreHits', { count: hitCount - hits.length })}</p>
      )}
    </article>
  )
}

function HitIcon({ hit: { part, kind } }: { hit: Hit }) {
  const { t } = useTranslation()
  const title = t(part === 'file' ? 'search.inFile' : `condition.kind.${kind}`)
  const Icon =
    part === 'file'
      ? PaperClipOutlined
      : { customer: UserOutlined, reply: CommentOutlined, note: LockOutlined }[kind]
  return <Icon className="quiet" title={title} aria-label={title} />
}

export function FoundCustomers({ customers, q }: { customers: Results['customers']; q: string }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  if (customers.length === 0) return null
  return (
    <section aria-label={t('place.customers')}>
      <header className={css.head}>
        <h2>{t('place.customers')}</h2>
        <Link to="/customers" search={{ search: q }}>
          {t('search.allCustomers')}
        </Link>
      </header>
      <ul className={css.people}>
        {customers.map(row => (
          <li key={row.id}>
            <Link to="/customers/$customerId" params={{ customerId: row.id }} className={css.person}>
              <Avatar name={row.name} size={32} />
              <span className={css.who}>
                <span className="cut strong" dir="auto">
                  {nameOf(row)}
                </span>
                <span className="cut quiet" dir="ltr">
                  {row.email ?? row.phone}
                </span>
              </span>
              {row.language && <LanguageTag code={row.language} />}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
