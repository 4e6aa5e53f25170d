import { useTranslation } from 'react-i18next'
import { access } from '../../i18n/en/access.ts'
import type { AuditEntry } from './api.ts'

/** Every action there are words for, as `staff.changed`. */
export const actions = Object.entries(access.audit.action).flatMap(([noun, verbs]) =>
  Object.keys(verbs).map(verb => `${noun}.${verb}`),
)

/** What an entry says, in words where there are any, else by the codes it carries. */
export function useSpellEntry() {
  const { t } = useTranslation()
  return {
    action: (code: string) => t(`audit.action.${code as 'role.changed'}`, { defaultValue: code }),
    who: ({ actor }: Pick<AuditEntry, 'actor'>) => {
      if (actor.kind === 'api_key') return `${t('audit.key')} ${actor.name ?? ''}`
      if (actor.kind === 'staff') return actor.name ?? t('audit.gone')
      return t(`audit.${actor.kind as 'system'}`, { defaultValue: actor.kind })
    },
    noun: (noun: string) => t(`audit.noun.${noun as 'role'}`, { defaultValue: noun }),
  }
}
