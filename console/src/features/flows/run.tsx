import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Time } from '../../ui/time.tsx'
import type { FlowRun } from './api.ts'
import css from './flows.module.css'
import { Trail } from './trail.tsx'

/** One run in words: where, what became of it, step by step. */
export function Run({ run }: { run: FlowRun }) {
  const { t } = useTranslation()
  const at = run.endedAt ?? run.startedAt
  return (
    <article className={css.run}>
      <header className={css.runHead}>
        <Link to="/inbox/$conversationId" params={{ conversationId: run.recordId }} search={{}}>
          {run.recordName ?? t('flows.conversation')}
        </Link>
        <Became run={run} />
        <span className="quiet small">{t('flows.version', { n: run.flow.version })}</span>
        {at && <Time at={at} />}
      </header>
      <Trail steps={run.steps} />
      {run.reason && <p className="quiet small">{run.reason}</p>}
    </article>
  )
}

export function Became({ run: { state, ending, wakeAt } }: { run: FlowRun }) {
  const { t } = useTranslation()
  return (
    <span className={state === 'barred' || state === 'failed' ? css.bad : 'quiet'}>
      {t(`flows.state.${state}`)}
      {ending && `: ${t(`flows.ending.${ending}`)}`}
      {state === 'waiting' && wakeAt && (
        <>
          {' '}
          {t('flows.until')} <Time at={wakeAt} />
        </>
      )}
    </span>
  )
}
