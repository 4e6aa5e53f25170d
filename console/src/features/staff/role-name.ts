import { useTranslation } from 'react-i18next'
import type { Role } from './api.ts'

/** A role that comes with Afar is called by its code's translation, others as they were named. */
export function useRoleName() {
  const { t } = useTranslation()
  return ({ code, name }: Pick<Role, 'code' | 'name'>) =>
    code ? t(`role.code.${code as 'agent'}`, { defaultValue: name }) : name
}
