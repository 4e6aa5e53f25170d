import { useQuery } from '@tanstack/react-query'
import { Dropdown, Progress } from 'antd'
import { useTranslation } from 'react-i18next'
import { Time } from '../../../ui/time.tsx'
import { bulkJobs } from './api.ts'
import css from './bulk.module.css'
import { useJobTitle } from './job-title.ts'

const shownFor = 24 * 3_600_000

/** The way back to what was done to many: while it runs how far it is, and for a day what became of it. */
export function JobChip({ onOpen }: { onOpen: (id: string) => void }) {
  const { t } = useTranslation()
  const titleOf = useJobTitle()
  const jobs = useQuery(bulkJobs()).data?.filter(
    ({ createdAt }) => Date.parse(createdAt) > Date.now() - shownFor,
  )
  const [newest] = jobs ?? []
  if (!jobs || !newest) return null
  const over = newest.total - newest.counts.waiting
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: jobs.slice(0, 8).map(job => ({
          key: job.id,
          label: (
            <span className={css.recent}>
              <span className="cut">{titleOf(job)}</span>
              <span className="quiet small">
                {t('bulk.progress', { over: job.total - job.counts.waiting, total: job.total })} ·{' '}
                <Time at={job.createdAt} />
              </span>
            </span>
          ),
          onClick: () => onOpen(job.id),
        })),
      }}
    >
      <button type="button" className={`plain ${css.chip}`} title={t('bulk.recent')}>
        <Progress
          type="circle"
          size={16}
          strokeWidth={14}
          showInfo={false}
          percent={newest.total === 0 ? 100 : (over / newest.total) * 100}
        />
        <span>{newest.state === 'running' ? `${over}/${newest.total}` : t('bulk.short')}</span>
      </button>
    </Dropdown>
  )
}
