import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { actionList, type Step, triggerList } from './api.ts'

type Named = { code: string; zh: string; en: string }

/** Triggers, actions and steps in the reader's words. */
export function useSpellFlow() {
  const { t, i18n } = useTranslation()
  const triggers = useQuery(triggerList()).data
  const actions = useQuery(actionList()).data
  const named = (list: readonly Named[] | undefined, code: string) => {
    const one = list?.find(one => one.code === code)
    return one ? (i18n.language.startsWith('zh') ? one.zh : one.en) : code
  }
  const trigger = (code: string) =>
    code === 'schedule' || code === 'elapsed' ? t(`flows.${code}`) : named(triggers, code)
  const action = (code: string) => named(actions, code)
  const step = (step: Step | null | undefined): string => {
    if (!step) return t('flows.unknown')
    if (step.do === 'act')
      return [action(step.action.code), worth(step.action.params)].filter(Boolean).join(': ')
    if (step.do === 'branch') return t('flows.branched')
    if (step.do === 'stop') return t('flows.stopped')
    const unit = t(`flows.unit.${step.unit}`)
    return step.orUntil
      ? t('flows.waitedOr', { n: step.n, unit, trigger: trigger(step.orUntil) })
      : t('flows.waited', { n: step.n, unit })
  }
  /** The words of an action that a person would look for; ids say nothing. */
  const worth = ({ tags, text, priority, category }: Record<string, unknown>) => {
    if (Array.isArray(tags)) return tags.join(', ')
    if (typeof text === 'string') return text.length > 80 ? `${text.slice(0, 80)}…` : text
    if (typeof priority === 'string') return t(`priority.${priority as 'high'}`, { defaultValue: priority })
    return typeof category === 'string' ? t(`status.${category as 'open'}`, { defaultValue: category }) : ''
  }
  return { trigger, action, step }
}
