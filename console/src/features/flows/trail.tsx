import { useTranslation } from 'react-i18next'
import type { Step } from './api.ts'
import css from './flows.module.css'
import { useSpellFlow } from './spell-flow.ts'

type Outcome = { place: string; outcome: string; step?: unknown; code: string | null; words: string | null }

/** What was done step by step, in words. */
export function Trail({ steps }: { steps: readonly Outcome[] }) {
  const { t } = useTranslation()
  const spell = useSpellFlow()
  return (
    <ul className={css.trail}>
      {steps.map(({ place, outcome, step, code, words }) => (
        <li key={place}>
          <span dir="auto">{spell.step(step as Step)}</span>{' '}
          <span className={outcome === 'refused' || outcome === 'barred' ? css.bad : 'quiet'}>
            {t(`flows.outcome.${outcome as 'done'}`)}
            {code && `: ${t(`refusal.${code as 'flow_not_found'}`, { defaultValue: words ?? code })}`}
          </span>
        </li>
      ))}
    </ul>
  )
}
