import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { Refused, Unreachable } from '../api/client.ts'

/** What went wrong, in the reader's language; a code nobody has translated yet is shown so that it can be. */
export function useRefusal() {
  const { t } = useTranslation()
  return useCallback(
    (error: unknown): string => {
      if (error instanceof Unreachable) return t('refusal.unreachable')
      if (!(error instanceof Refused)) return t('refusal.unknown')
      const known = t(`refusal.${error.code as 'unknown'}`, { defaultValue: '', ...namedIn(error) })
      if (known) return known
      if (error.status === 404) return t('refusal.not_found')
      return t('refusal.untranslated', { code: error.code })
    },
    [t],
  )
}

/** What a refusal is about, by name. */
function namedIn({ details }: Refused) {
  const { names } = (details ?? {}) as { names?: unknown }
  return { names: Array.isArray(names) ? names.join(', ') : '' }
}

/** Where in the body the refused values stand, such as `weekly.1.0`. */
export function faultsOf(error: unknown): string[] {
  if (!(error instanceof Refused) || error.status !== 422 || !Array.isArray(error.details)) return []
  return error.details.flatMap(({ path }: { path?: unknown }) =>
    typeof path === 'string' ? [path.replace(/^body\./, '').replace(/^settings\./, '')] : [],
  )
}
