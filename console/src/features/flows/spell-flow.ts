import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useNameOfAction } from '../conversations/actions/api.ts'
import { type Step, triggerList } from './api.ts'

/** Triggers, actions and steps in the reader's words. */
export function useSpellFlow() {
  const { t, i18n } = useTranslation()
  const triggers = useQuery(triggerList()).data
  const action = useNameOfAction()
  const trigger = (code: string) => {
    if (code === 'schedule' || code === 'elapsed') return t(`flows.${code}`)
    const one = triggers?.find(one => one.code === code)
    return one ? (i18n.language.startsWith('zh') ? one.zh : one.en) : code
  }
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
  const worth = ({ tags, text, priority, category, forMinutes, untilMorning }: Record<string, unknown>) => {
    if (typeof forMinutes === 'number') return `${forMinutes} ${t('flows.unit.minutes')}`
    if (typeof untilMorning === 'string')
      return t(`actionField.untilMorningOf.${untilMorning as 'tomorrow'}`, { defaultValue: untilMorning })
    if (Array.isArray(tags)) return tags.join(', ')
    if (typeof text === 'string') return text.length > 80 ? `${text.slice(0, 80)}…` : text
    if (typeof priority === 'string') return t(`priority.${priority as 'high'}`, { defaultValue: priority })
    return typeof category === 'string' ? t(`status.${category as 'open'}`, { defaultValue: category }) : ''
  }
  return { trigger, action, step }
}
