import type { SavedView } from './api.ts'

/** A section of the rail; the views of all teams stand in one. */
export const sections = ['personal', 'team', 'company'] as const

/** What is to be written so that a view stands one further up or down among those of its section. */
export function movesTo(
  section: readonly Pick<SavedView, 'id' | 'position'>[],
  id: string,
  by: 1 | -1,
): { id: string; position: number }[] {
  const from = section.findIndex(view => view.id === id)
  const to = from + by
  if (from < 0 || to < 0 || to >= section.length) return []
  const next = [...section]
  next.splice(to, 0, ...next.splice(from, 1))
  return next.flatMap(({ id, position }, n) => (position === n ? [] : [{ id, position: n }]))
}
