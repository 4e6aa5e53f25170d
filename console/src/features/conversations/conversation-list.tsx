import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { Checkbox, Select } from 'antd'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../api/session.ts'
import { useActions } from '../../shell/actions.ts'
import { Empty, Failure, Skeleton } from '../../ui/states.tsx'
import { storeList } from '../settings/api.ts'
import { useTeams } from '../staff/api.ts'
import { conversationList, fetchPage, type ListFilter } from './api.ts'
import bulkCss from './bulk/bulk.module.css'
import { BulkBar } from './bulk/bulk-bar.tsx'
import { type Chosen, isChoosing, nothingChosen, toggle } from './bulk/choosing.ts'
import { JobChip } from './bulk/job-chip.tsx'
import { JobDrawer } from './bulk/job-drawer.tsx'
import css from './conversation-list.module.css'
import { ConversationRow, rowHeight } from './conversation-row.tsx'
import { rowsOf } from './list-pages.ts'
import { useReadAhead } from './reading-ahead.ts'
import { savedViews } from './saved-views/api.ts'

const sorts = ['clock', 'waiting', 'activity'] as const

export function ConversationList() {
  // The place in a thread is that thread's alone; the router hands it to the list as well.
  const { at: _, ...search } = useSearch({ from: '/shell/inbox' }) as ListFilter & { at?: number }
  // What was chosen in one view is not chosen in another.
  return <OneView key={JSON.stringify({ ...search, sort: undefined })} search={search} />
}

function OneView({ search }: { search: ListFilter }) {
  const { t } = useTranslation()
  const mayAct = useMay()('conversations:reply')
  const [chosen, setChosen] = useState<Chosen>(nothingChosen)
  const [jobId, setJobId] = useState<string | null>(null)
  const { conversationId } = useParams({ strict: false })
  const navigate = useNavigate()
  const view = search.savedViewId ? undefined : (search.view ?? 'mine')
  const filter = { ...search, view, sort: search.sort ?? 'clock' }
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery(
    conversationList(filter),
  )
  const rows = useMemo(() => rowsOf(data), [data])
  useReadAhead(rows, conversationId)
  const frame = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    getItemKey: index => rows[index]!.id,
    overscan: 6,
  })
  const shown = virtual.getVirtualItems()
  const lastShown = shown.at(-1)?.index ?? 0

  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && lastShown >= rows.length - 15) fetchNextPage()
  }, [hasNextPage, isFetchingNextPage, lastShown, rows.length, fetchNextPage])

  const open = (id: string) =>
    navigate({ to: '/inbox/$conversationId', params: { conversationId: id }, search })

  function step(by: 1 | -1) {
    const at = rows.findIndex(row => row.id === conversationId)
    const next = rows[at < 0 ? 0 : at + by]
    if (!next) return
    virtual.scrollToIndex(rows.indexOf(next), { align: 'auto' })
    open(next.id)
  }

  async function openLongestWaiting() {
    const { items } = await fetchPage({ ...filter, sort: 'waiting' })
    const longest = items.find(row => row.waitingSince)
    if (longest) open(longest.id)
  }

  useActions([
    { id: 'next', section: 'conversation', label: t('inbox.key.next'), keys: 'alt+j', run: () => step(1) },
    {
      id: 'previous',
      section: 'conversation',
      label: t('inbox.key.previous'),
      keys: 'alt+k',
      run: () => step(-1),
    },
    {
      id: 'longest',
      section: 'conversation',
      label: t('inbox.key.longest'),
      keys: 'alt+u',
      run: openLongestWaiting,
    },
  ])

  return (
    <section className={css.pane} aria-label={t('inbox.list')}>
      {isChoosing(chosen) ? (
        <BulkBar
          {...{ chosen, rows, filter }}
          hasMore={hasNextPage}
          onChoose={setChosen}
          onStarted={id => {
            setChosen(nothingChosen)
            setJobId(id)
          }}
        />
      ) : (
        <header className={css.head}>
          <h2 className="cut">
            <Title />
          </h2>
          {mayAct && <JobChip onOpen={setJobId} />}
          <Select
            size="small"
            variant="borderless"
            popupMatchSelectWidth={false}
            value={filter.sort}
            aria-label={t('inbox.sort')}
            onChange={sort =>
              navigate({ to: '.', search: { ...search, sort: sort === 'clock' ? undefined : sort } })
            }
            options={sorts.map(value => ({ value, label: t(`inbox.sortBy.${value}`) }))}
          />
        </header>
      )}
      {jobId && <JobDrawer id={jobId} onOpen={setJobId} onClose={() => setJobId(null)} />}
      <div ref={frame} className={css.frame}>
        {error && !data ? <Failure error={error} retry={refetch} /> : null}
        {!data && !error ? <Skeleton shape="rows" lines={8} /> : null}
        {data && rows.length === 0 && (
          <Empty title={t(`inbox.empty.${view ?? 'saved'}`)}>{t('inbox.emptyText')}</Empty>
        )}
        <ul className={css.rows} style={{ height: virtual.getTotalSize() }}>
          {shown.map(({ index, key, start }) => (
            <li
              key={key}
              className={`${css.slot} ${isChoosing(chosen) ? css.choosing : ''}`}
              style={{ transform: `translateY(${start}px)` }}
            >
              <ConversationRow
                row={rows[index]!}
                search={search}
                isOpen={rows[index]!.id === conversationId}
                hasAssignee={view !== 'mine'}
              />
              {mayAct && (
                <span className={`${bulkCss.check} ${isChoosing(chosen) ? bulkCss.isChoosing : ''}`}>
                  <Checkbox
                    checked={chosen.isAll || chosen.ids.has(rows[index]!.id)}
                    aria-label={t('bulk.choose', { name: rows[index]!.customer.name })}
                    onChange={({ nativeEvent }) =>
                      setChosen(
                        toggle(
                          chosen,
                          rows.map(({ id }) => id),
                          rows[index]!.id,
                          nativeEvent.shiftKey,
                        ),
                      )
                    }
                  />
                </span>
              )}
            </li>
          ))}
        </ul>
      </div>
    </section>
  )
}

function Title() {
  const { t } = useTranslation()
  const { view = 'mine', teamId, storeId, savedViewId } = useSearch({ from: '/shell/inbox' })
  const teams = useTeams()
  const stores = useQuery(storeList()).data?.items
  const views = useQuery({ ...savedViews(), enabled: savedViewId !== undefined }).data
  if (savedViewId) return views?.find(({ id }) => id === savedViewId)?.name
  if (teamId) return teams?.find(team => team.id === teamId)?.name
  if (storeId) return stores?.find(store => store.id === storeId)?.name
  return t(`inbox.view.${view as 'mine'}`)
}
