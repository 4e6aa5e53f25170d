import { useTranslation } from 'react-i18next'
import { en } from '../../i18n/en.ts'
import type { ClockPolicy } from './api.ts'

/** A policy's name in the reader's language. */
export function useNameOfPolicy() {
  const { i18n } = useTranslation()
  return ({ names }: Pick<ClockPolicy, 'names'>) => (i18n.language.startsWith('zh') ? names.zh : names.en)
}

export const ownKinds = ['web_chat', 'mail', 'api'] as const
export const otherChannels = ['phone', 'social', 'complaint', 'any'] as const

type Marketplace = Exclude<ClockPolicy['channel'], (typeof ownKinds | typeof otherChannels)[number]>

/** Each has a name in every language, and the compiler says which the server has and we do not. */
const names: Record<Marketplace, string> = en.marketplace.of
export const marketplaces = Object.keys(names) as Marketplace[]

export function useNameOfChannel() {
  const { t } = useTranslation()
  return (channel: ClockPolicy['channel']) => {
    const kind = ownKinds.find(each => each === channel)
    const marketplace = marketplaces.find(each => each === channel)
    if (kind) return t(`channel.kind.${kind}`)
    if (marketplace) return t(`marketplace.of.${marketplace}`)
    return t(`marketplace.other.${channel as 'any'}`)
  }
}
