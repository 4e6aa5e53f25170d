import { useQuery } from '@tanstack/react-query'
import { useMe } from '../../api/session.ts'
import { company } from './api.ts'

export const browserZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone

/** By whose clock this person works: as he chose, else as the company does. */
export function useReaderZone(): string {
  const { zone } = useMe()
  const ours = useQuery(company()).data?.zone
  return zone ?? ours ?? browserZone()
}
