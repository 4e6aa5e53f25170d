import { useTranslation } from 'react-i18next'

/** What to call somebody who has not said his name. */
export function useNameOf() {
  const { t } = useTranslation()
  return ({ name }: { name: string }) => name || t('customer.unnamed')
}
