import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ListFilter, StatusCategory } from '../api.ts'
import { type Condition, type SavedView, savedViews } from './api.ts'
import type { Draft } from './view-editor.tsx'

const open: StatusCategory[] = ['new', 'open', 'waiting_customer', 'waiting_third_party']
const done: StatusCategory[] = ['resolved', 'closed']
const isIn = (field: string, ...value: string[]): Condition => ({ field, is: 'in', value })

/** A view of the house as the condition it stands for. Who was mentioned is no field: there it is all open ones. */
export function conditionOf({ view = 'mine', teamId, storeId }: ListFilter): Condition {
  const parts: Condition[] = [
    view === 'spam'
      ? { field: 'is_spam', is: 'is_true' }
      : view === 'resolved'
        ? isIn('category', ...done)
        : view === 'snoozed'
          ? isIn('category', 'scheduled')
          : isIn('category', ...open),
  ]
  if (view === 'mine') parts.push(isIn('assignee', '@me'))
  if (view === 'unassigned') parts.push({ field: 'assignee', is: 'is_empty' })
  if (view === 'team') parts.push(isIn('team', teamId ?? '@my_teams'))
  if (storeId) parts.push(isIn('store', storeId))
  return { all: parts }
}

/** A new view begins as what is open. */
export function useStart(): () => Draft {
  const search = useSearch({ from: '/shell/inbox' })
  const views = useQuery(savedViews()).data ?? []
  return () => {
    const shown = views.find(({ id }) => id === search.savedViewId)
    return {
      name: '',
      condition: shown?.condition ?? conditionOf(search),
      sort: search.sort ?? shown?.sort ?? 'clock',
      scope: 'personal',
      teamId: null,
      position: views.filter(({ scope }) => scope === 'personal').length,
    }
  }
}

export function useCopy(): (view: SavedView) => Draft {
  const { t } = useTranslation()
  return ({ name, condition, sort, position }) => ({
    name: t('views.copyOf', { name }).slice(0, 80),
    condition,
    sort,
    scope: 'personal',
    teamId: null,
    position,
  })
}
