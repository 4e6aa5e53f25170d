import { useTranslation } from 'react-i18next'

/** What was ignored or set aside says why by a word of ours, or in the machine's own. */
export function useInboundReason() {
  const { t } = useTranslation()
  return (reason: string) => t(`inbound.why.${reason as 'own_message'}`, { defaultValue: reason })
}
