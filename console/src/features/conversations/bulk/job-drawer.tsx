import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { App, Button, Drawer, Progress, Segmented } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRefusal } from '../../../ui/refusal.ts'
import { Failure, Skeleton } from '../../../ui/states.tsx'
import { Time } from '../../../ui/time.tsx'
import { useNameOf } from '../../customers/name.ts'
import { type BulkJob, bulkItems, bulkJob, type ItemState, useCancelBulkJob, useUndoBulkJob } from './api.ts'
import css from './bulk.module.css'
import { useJobTitle } from './job-title.ts'

const states = ['done', 'unchanged', 'refused', 'skipped', 'cancelled', 'waiting'] as const

/** How far it is, what became of each, and the way back. It goes on when this is closed. */
export function JobDrawer({
  id,
  onOpen,
  onClose,
}: {
  id: string
  onOpen: (id: string) => void
  onClose: () => void
}) {
  const { t } = useTranslation()
  const titleOf = useJobTitle()
  const { data: job, error, refetch } = useQuery(bulkJob(id))
  return (
    <Drawer open title={job ? titleOf(job) : t('bulk.title')} onClose={onClose} size={460}>
      {error && !job ? <Failure error={error} retry={refetch} /> : null}
      {job ? <Opened key={job.id} job={job} onOpen={onOpen} /> : <Skeleton lines={6} />}
    </Drawer>
  )
}

function Opened({ job, onOpen }: { job: BulkJob; onOpen: (id: string) => void }) {
  const { t } = useTranslation()
  const { message } = App.useApp()
  const spell = useRefusal()
  const cancel = useCancelBulkJob()
  const undo = useUndoBulkJob()
  const [state, setState] = useState<ItemState | undefined>()
  const refuse = { onError: (error: unknown) => void message.error(spell(error)) }
  const over = job.total - job.counts.waiting
  const isUndoable =
    job.undoneById === null && job.undoableUntil !== null && Date.parse(job.undoableUntil) > Date.now()
  return (
    <div className={css.job}>
      <Progress
        percent={job.total === 0 ? 100 : Math.floor((over / job.total) * 100)}
        status={job.state === 'running' ? 'active' : job.counts.refused > 0 ? 'exception' : 'success'}
        format={() => t('bulk.progress', { over, total: job.total })}
      />
      <p className="quiet small">
        {t(`bulk.state.${job.state}`)} · {job.startedBy.name} · <Time at={job.createdAt} />
      </p>
      <div className={css.ways}>
        {job.state === 'running' && (
          <Button loading={cancel.isPending} onClick={() => cancel.mutate(job.id, refuse)}>
            {t('bulk.stop')}
          </Button>
        )}
        {isUndoable && (
          <Button
            loading={undo.isPending}
            onClick={() => undo.mutate(job.id, { ...refuse, onSuccess: ({ id }) => onOpen(id) })}
          >
            {t('bulk.undoAll')}
          </Button>
        )}
        {job.undoneById && (
          <Button type="link" onClick={() => onOpen(job.undoneById!)}>
            {t('bulk.showUndoing')}
          </Button>
        )}
      </div>
      {isUndoable && <p className="quiet small">{t('bulk.undoAbout')}</p>}
      <Segmented
        block
        size="small"
        value={state ?? 'all'}
        onChange={chosen => setState(chosen === 'all' ? undefined : (chosen as ItemState))}
        options={[
          { value: 'all', label: t('bulk.all', { count: job.total }) },
          ...states
            .filter(one => job.counts[one] > 0)
            .map(one => ({ value: one, label: t(`bulk.item.${one}`, { count: job.counts[one] }) })),
        ]}
      />
      <Items job={job} state={state} />
    </div>
  )
}

function Items({ job, state }: { job: BulkJob; state: ItemState | undefined }) {
  const { t } = useTranslation()
  const nameOf = useNameOf()
  const search = useSearch({ strict: false })
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(bulkItems(job.id, state))
  const items = data?.pages.flatMap(page => page.items) ?? []
  return (
    <>
      <ul className={css.items}>
        {items.map(({ conversation: { id, number, customerName }, state, code }) => (
          <li key={id}>
            <Link to="/inbox/$conversationId" params={{ conversationId: id }} search={search}>
              <span className="quiet">{t('conversation.number', { number })}</span>{' '}
              <bdi>{nameOf({ name: customerName })}</bdi>
            </Link>
            <span className={`${css.outcome} ${css[state]}`}>
              {code
                ? t(`refusal.${code as 'unknown'}`, { defaultValue: t('refusal.untranslated', { code }) })
                : t(`bulk.outcome.${state}`)}
            </span>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button type="text" block loading={isFetchingNextPage} onClick={() => fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
    </>
  )
}
