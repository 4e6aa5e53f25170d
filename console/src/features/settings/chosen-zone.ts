import { useQuery } from '@tanstack/react-query'
import { useMe } from '../../api/session.ts'
import { browserZone } from '../../ui/reader-zone.ts'
import { company } from './api.ts'

/** By whose clock this person works: as he chose, else as the company does. */
export function useChosenZone(): string {
  const { zone } = useMe()
  const ours = useQuery(company()).data?.zone
  return zone ?? ours ?? browserZone()
}
