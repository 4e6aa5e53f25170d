import { ClockCircleOutlined, MergeCellsOutlined, MessageOutlined, UserOutlined } from '@ant-design/icons'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { useReaderZone } from '../../ui/reader-zone.ts'
import { dateIn, spellDay } from '../../ui/spell.ts'
import { Empty, Failure, Skeleton } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { useStaff } from '../staff/api.ts'
import { conversationsOf, type TimelineItem, timeline } from './api.ts'
import { countMessages, type Episode, episodesOf, isTold } from './episodes.ts'
import css from './timeline.module.css'

const filters = {
  all: undefined,
  conversations: 'conversation,message,clock,delivery',
  customer: 'customer',
} as const

/** Everything between us and this customer, newest first. */
export function Timeline({ id }: { id: string }) {
  const { t, i18n } = useTranslation()
  const zone = useReaderZone()
  const [filter, setFilter] = useState<keyof typeof filters>('all')
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    timeline(id, filters[filter]),
  )
  const episodes = episodesOf(data?.pages.flatMap(page => page.items) ?? [])
  const days = Map.groupBy(episodes, ({ at }) => dateIn(new Date(at), zone))

  return (
    <div className={css.frame}>
      <header className={css.head}>
        <h2>{t('timeline.title')}</h2>
        <Segmented
          size="small"
          value={filter}
          onChange={setFilter}
          aria-label={t('timeline.filter')}
          options={(Object.keys(filters) as (keyof typeof filters)[]).map(value => ({
            value,
            label: t(`timeline.show.${value}`),
          }))}
        />
      </header>
      {error && !data ? <Failure error={error} retry={refetch} /> : null}
      {!data && !error && <Skeleton lines={6} />}
      {data && episodes.length === 0 && <Empty title={t('timeline.empty')} />}
      {[...days.values()].map(day => (
        <section key={day[0]!.key}>
          <h3 className={css.day}>{spellDay(new Date(day[0]!.at), i18n.language, zone)}</h3>
          <ol>
            {day.map(episode => (
              <li key={episode.key} className={css.episode}>
                {episode.type === 'conversation' ? (
                  <ConversationEpisode customerId={id} episode={episode} />
                ) : (
                  <Happening item={episode.item} />
                )}
              </li>
            ))}
          </ol>
        </section>
      ))}
      {hasNextPage && (
        <Button type="text" loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {t('timeline.earlier')}
        </Button>
      )}
    </div>
  )
}

type ConversationOnes = Extract<Episode, { type: 'conversation' }>

function ConversationEpisode({
  customerId,
  episode: { conversationId, items },
}: {
  customerId: string
  episode: ConversationOnes
}) {
  const { t } = useTranslation()
  const may = useMay()
  const all = useQuery({ ...conversationsOf(customerId), enabled: may('conversations:read') }).data
  const conversation = all?.find(({ id }) => id === conversationId)
  const counts = (['customer', 'reply', 'note'] as const)
    .map(kind => [kind, countMessages(items, kind)] as const)
    .filter(([, count]) => count > 0)
  const from = items.at(-1)!.at
  const to = items[0]!.at
  return (
    <article>
      <i className={css.dot}>
        <MessageOutlined />
      </i>
      <Link
        to="/inbox/$conversationId"
        params={{ conversationId }}
        search={{ view: 'all' }}
        className={css.card}
      >
        <span className={css.first}>
          <span className="strong">
            {conversation
              ? t('timeline.conversation', { number: conversation.number })
              : t('timeline.aConversation')}
          </span>
          {conversation && (
            <span className="quiet small">
              {conversation.store.name} · {t(`status.${conversation.status.category}`)}
            </span>
          )}
          <span className={css.time}>
            <Time at={from} as="time" />
            {from.slice(0, 16) !== to.slice(0, 16) && (
              <>
                –<Time at={to} as="time" />
              </>
            )}
          </span>
        </span>
        {conversation?.preview && Date.parse(to) >= Date.parse(conversation.lastActivityAt) - 1_000 && (
          <span className={`cut ${css.preview}`} dir="auto">
            {conversation.preview.text}
          </span>
        )}
        {conversation?.summary && items.some(({ name }) => name === 'conversation.summarised') && (
          <span className={css.preview} dir="auto">
            {conversation.summary}
          </span>
        )}
        <span className={css.counts}>
          {counts.map(([kind, count]) => (
            <span key={kind}>{t(`timeline.count.${kind}`, { count })}</span>
          ))}
        </span>
      </Link>
      <ul className={css.told}>
        {items.filter(isTold).map(item => (
          <li key={item.id}>
            <Told item={item} /> <Time at={item.at} as="time" />
          </li>
        ))}
      </ul>
    </article>
  )
}

function Happening({ item }: { item: TimelineItem }) {
  const Icon = item.name.startsWith('clock')
    ? ClockCircleOutlined
    : item.name.includes('merged')
      ? MergeCellsOutlined
      : UserOutlined
  return (
    <>
      <i className={css.dot}>
        <Icon />
      </i>
      <p className={css.happening}>
        <span>
          <Told item={item} />
        </span>
        <span className={css.time}>
          <Time at={item.at} as="time" />
        </span>
      </p>
    </>
  )
}

/** An event in words: who, what, and the fields it touched. */
function Told({ item: { name, actor, params } }: { item: TimelineItem }) {
  const { t } = useTranslation()
  const staff = useStaff()
  const nameOf = (id: unknown) => staff?.find(person => person.id === id)?.name ?? t('timeline.somebody')
  const fields = Array.isArray(params.fields)
    ? params.fields
        .map(field => t(`timeline.field.${field as 'name'}`, { defaultValue: String(field) }))
        .join(', ')
    : ''
  const by =
    actor.kind === 'staff'
      ? nameOf(actor.id)
      : t(`timeline.actor.${actor.kind as 'system'}`, { defaultValue: actor.kind })
  const key = name === 'conversation.assigned' && params.staffId === null ? 'conversation.unassigned' : name
  return (
    <>
      {t(`timeline.event.${key as 'customer.created'}`, {
        by,
        fields,
        to: nameOf(params.staffId),
        defaultValue: name,
      })}
    </>
  )
}
