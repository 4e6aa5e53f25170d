import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Time } from '../../ui/time.tsx'
import { runsOfConversation } from './api.ts'
import css from './flows.module.css'
import { Became } from './run.tsx'
import { Trail } from './trail.tsx'

/** What flows did to a conversation, newest first. */
export function FlowTraces({ conversationId }: { conversationId: string }) {
  const { t } = useTranslation()
  const runs = useQuery(runsOfConversation(conversationId)).data
  if (runs?.length === 0) return <p className="quiet small">{t('flows.didNothing')}</p>
  return (
    <>
      {runs?.slice(0, 5).map(run => (
        <div key={run.id} className={css.sample}>
          <span className="strong">{run.flow.name}</span> {run.startedAt && <Time at={run.startedAt} />}
          <div className="small">
            <Became run={run} />
          </div>
          <Trail steps={run.steps} />
        </div>
      ))}
    </>
  )
}
