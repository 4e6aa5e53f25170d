import { useQuery } from '@tanstack/react-query'
import { Tooltip } from 'antd'
import { useTranslation } from 'react-i18next'
import { useMay } from '../../../api/session.ts'
import type { ConversationRow } from '../api.ts'
import { useActs } from '../bulk/use-acts.tsx'
import { reasonField } from '../context-fields.ts'
import { contactReasons, reasonSuggestion, useSpellReason } from './api.ts'
import { ReasonSelect } from './reason-select.tsx'
import css from './reasons.module.css'

/** Why the customer writes, what Afar takes it for where nobody said so yet, and how this is answered. */
export function ReasonCard({ row }: { row: ConversationRow }) {
  const { t } = useTranslation()
  const may = useMay()
  const { nameOf, stepsOf } = useSpellReason()
  const { act, isPending } = useActs(row.id)
  const reasons = useQuery(contactReasons()).data?.items ?? []
  const mayChange = may('conversations:reply')
  const guesses = useQuery({ ...reasonSuggestion(row.id, row.lastSeq), enabled: !row.reason && mayChange })
  const chosen = reasons.find(({ code }) => code === row.reason)
  const steps = chosen ? stepsOf(chosen) : []
  function give(code: string) {
    const known = reasons.find(reason => reason.code === code)
    act([{ code: 'set_reason', params: { reason: code } }], {
      said: t('acted.reason', { name: known ? nameOf(known) : code }),
    })
  }
  const suggested = row.reason ? [] : (guesses.data?.items ?? [])

  return (
    <>
      <ReasonSelect
        id={reasonField}
        value={row.reason}
        onChange={give}
        disabled={!mayChange}
        loading={isPending}
      />
      {suggested.length > 0 && (
        <div className={css.suggested}>
          <span className={css.hint}>{t('reason.suggested')}</span>
          {suggested.map(({ reason, probability, words }) => {
            const known = reasons.find(({ code }) => code === reason)
            // Nobody is ever wholly sure.
            const percent = Math.min(99, Math.round(probability * 100))
            return (
              <Tooltip
                key={reason}
                title={words.length > 0 ? t('reason.because', { words: words.join(' · ') }) : undefined}
              >
                <button type="button" className={`plain ${css.chip}`} onClick={() => give(reason)}>
                  {known ? nameOf(known) : reason}
                  <span className={css.percent}>{t('reason.percent', { percent })}</span>
                </button>
              </Tooltip>
            )
          })}
        </div>
      )}
      {steps.length > 0 && (
        <details open className={css.strategy}>
          <summary>{t('reason.strategy')}</summary>
          <ol>
            {steps.map(step => (
              <li key={step}>{step}</li>
            ))}
          </ol>
          {chosen && <p className={css.hint}>{t(`reason.automation.${chosen.automation}`)}</p>}
        </details>
      )}
    </>
  )
}
