import { SearchOutlined } from '@ant-design/icons'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { Button, Input, type InputRef } from 'antd'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Page } from '../../ui/page.tsx'
import { Empty, Failure, Skeleton } from '../../ui/states.tsx'
import { useAfterPause } from '../../ui/use-after-pause.ts'
import { type Results, type SearchFilter, searchPages } from './api.ts'
import { Filters } from './filters.tsx'
import { FoundCustomers, FoundLine } from './found.tsx'
import { IndexingNote, SearchedBack } from './reach.tsx'
import css from './search-page.module.css'

/** Customers, conversations and what was said, by the words in them. */
export function SearchPage() {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const search = useSearch({ from: '/shell/search' })
  const field = useRef<InputRef>(null)
  const [typed, setTyped] = useState(search.q ?? '')
  const rested = useAfterPause(typed, 250)
  const written = useRef(search.q ?? '')

  const change = (next: Partial<SearchFilter>) =>
    navigate({ to: '/search', search: { ...search, ...next }, replace: true })
  const changeRef = useRef(change)
  changeRef.current = change

  useEffect(() => {
    if (rested === written.current) return
    written.current = rested
    changeRef.current({ q: rested || undefined })
  }, [rested])
  useEffect(() => {
    const q = search.q ?? ''
    if (q === written.current) return
    written.current = q
    setTyped(q)
    if (q === '') field.current?.focus()
  }, [search.q])

  return (
    <Page width="wide" title={t('search.title')}>
      <Input
        ref={field}
        size="large"
        allowClear
        autoFocus
        maxLength={200}
        prefix={<SearchOutlined className="quiet" />}
        value={typed}
        placeholder={t('search.placeholder')}
        aria-label={t('search.title')}
        onChange={event => setTyped(event.target.value)}
        onPressEnter={() => {
          written.current = typed
          change({ q: typed || undefined })
        }}
      />
      <Filters search={search} onChange={change} />
      {search.q && /[\p{L}\p{N}]/u.test(search.q) ? <Found search={{ ...search, q: search.q }} /> : <HowTo />}
    </Page>
  )
}

function Found({ search }: { search: SearchFilter }) {
  const { t } = useTranslation()
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage, isPlaceholderData } =
    useInfiniteQuery(searchPages(search))
  if (error && !data) return <Failure error={error} retry={refetch} />
  if (!data) return <Skeleton shape="rows" lines={6} />
  const [first] = data.pages
  const last = data.pages.at(-1)!
  const { customers, numbered } = first!
  const found = data.pages.flatMap(({ items }) => items)
  const isNothing = found.length === 0 && customers.length === 0 && !numbered
  return (
    <div className={isPlaceholderData ? css.stale : undefined} aria-busy={isPlaceholderData}>
      {first!.indexing && <IndexingNote {...first!.indexing} />}
      {error && <Failure error={error} retry={refetch} />}
      {isNothing && !last.searchedBackTo ? (
        <Empty title={t('search.none')}>{t('search.noneText')}</Empty>
      ) : (
        <div className={css.columns}>
          <section aria-label={t('search.conversations')}>
            <header className={css.head}>
              <h2>{t('search.conversations')}</h2>
              <Count of={first!.count} />
            </header>
            {numbered && <FoundLine conversation={numbered} hits={[]} hitCount={0} />}
            {found.map(item => (
              <FoundLine key={item.conversation.id} {...item} />
            ))}
            {found.length === 0 && !numbered && !last.searchedBackTo && (
              <p className={css.none}>{t('search.noConversations')}</p>
            )}
            {last.searchedBackTo ? (
              <SearchedBack
                to={last.searchedBackTo}
                isLoading={isFetchingNextPage}
                onGoOn={hasNextPage ? () => fetchNextPage() : undefined}
              />
            ) : (
              hasNextPage && (
                <Button block loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
                  {t('action.more')}
                </Button>
              )
            )}
          </section>
          <FoundCustomers customers={customers} q={search.q} />
        </div>
      )}
    </div>
  )
}

function Count({ of }: { of: Results['count'] }) {
  const { t, i18n } = useTranslation()
  if (!of || (of.conversations === 0 && !of.isMore)) return null
  const number = of.conversations.toLocaleString(i18n.language)
  return (
    <span className="quiet" role="status">
      {t(of.isMore ? 'search.countOver' : 'search.count', { count: of.conversations, number })}
    </span>
  )
}

const examples = ['all', 'phrase', 'without', 'number'] as const

function HowTo() {
  const { t } = useTranslation()
  return (
    <Empty title={t('search.start')}>
      <dl className={css.examples}>
        {examples.map(example => (
          <div key={example}>
            <dt>
              <code>{t(`search.example.${example}`)}</code>
            </dt>
            <dd>{t(`search.exampleAbout.${example}`)}</dd>
          </div>
        ))}
      </dl>
    </Empty>
  )
}
