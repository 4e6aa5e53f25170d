import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { spellLanguage } from '../../ui/spell.ts'
import { storeList } from '../settings/api.ts'
import { useStaff, useTeams } from '../staff/api.ts'
import type { Queue } from './api.ts'

/** What a queue takes and who works it, in plain words. */
export function useSpellQueue() {
  const { t, i18n } = useTranslation()
  const stores = useQuery(storeList()).data?.items ?? []
  const teams = useTeams() ?? []
  const staff = useStaff() ?? []
  const named = (all: { id: string; name: string }[], ids: readonly string[]) =>
    all.filter(({ id }) => ids.includes(id)).map(({ name }) => name)
  const listed = (words: readonly string[]) => words.join(t('queues.comma'))
  return {
    takes: (queue: Queue) =>
      [
        queue.channelKinds.map(kind => t(`channel.kind.${kind as 'api'}`)),
        named(stores, queue.storeIds),
        queue.languages.map(code => spellLanguage(code, i18n.language)),
        queue.reasons,
        queue.customerTags,
      ]
        .filter(words => words.length > 0)
        .map(listed)
        .join(' · ') || t('queues.everything'),
    members: (queue: Queue) =>
      [
        listed([...named(teams, queue.teamIds), ...named(staff, queue.staffIds)]) || t('queues.everybody'),
        listed(queue.skills),
      ]
        .filter(Boolean)
        .join(' · '),
  }
}
