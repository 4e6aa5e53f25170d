import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'

/** What to call somebody who has not said his name. */
export function useNameOf() {
  const { t } = useTranslation()
  return useCallback(({ name }: { name: string }) => name || t('customer.unnamed'), [t])
}
