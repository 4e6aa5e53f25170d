import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Button, Select } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Card, Page } from '../../ui/page.tsx'
import { Empty, Failure, Skeleton } from '../../ui/states.tsx'
import { type FlowRun, flow, runList } from './api.ts'
import css from './flows.module.css'
import { Run } from './run.tsx'

const states = ['waiting', 'done', 'stopped', 'barred', 'failed'] as const

export function JournalPage() {
  const { t } = useTranslation()
  const { flowId } = useParams({ strict: false }) as { flowId: string }
  const name = useQuery(flow(flowId)).data?.name ?? ''
  const [state, setState] = useState<FlowRun['state'] | undefined>()
  const query = useInfiniteQuery(runList(flowId, state))
  const runs = query.data?.pages.flatMap(({ items }) => items)
  return (
    <Page
      title={t('flows.journalOf', { name })}
      actions={
        <>
          <Select
            allowClear
            className={css.filter}
            aria-label={t('flows.allStates')}
            placeholder={t('flows.allStates')}
            value={state}
            options={states.map(value => ({ value, label: t(`flows.state.${value}`) }))}
            onChange={setState}
          />
          <Link to="/settings/flows/$flowId" params={{ flowId }}>
            <Button>{t('flows.edit')}</Button>
          </Link>
        </>
      }
    >
      {query.error ? (
        <Failure error={query.error} retry={query.refetch} />
      ) : !runs ? (
        <Skeleton lines={8} />
      ) : runs.length === 0 ? (
        <Empty title={t('flows.noRuns')} />
      ) : (
        <Card flush>
          {runs.map(run => (
            <Run key={run.id} run={run} />
          ))}
        </Card>
      )}
      {query.hasNextPage && (
        <Button className={css.add} loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
          {t('action.more')}
        </Button>
      )}
    </Page>
  )
}
