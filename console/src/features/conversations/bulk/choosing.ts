/** What is chosen of a list: rows by hand, or all that the view shows, also what is not loaded. */
export type Chosen = { ids: ReadonlySet<string>; isAll: boolean; last: string | null }

export const nothingChosen: Chosen = { ids: new Set(), isAll: false, last: null }

export const isChoosing = ({ ids, isAll }: Chosen) => isAll || ids.size > 0

/** Puts a row in or out; with shift all from the one before to this become as this one. */
export function toggle(chosen: Chosen, rows: readonly string[], id: string, isRange: boolean): Chosen {
  // Whoever takes one out of all has chosen those he sees.
  const ids = new Set(chosen.isAll ? rows : chosen.ids)
  const isIn = !ids.has(id)
  const [from, to] = [chosen.last && isRange ? rows.indexOf(chosen.last) : -1, rows.indexOf(id)]
  const range = from < 0 ? [id] : rows.slice(Math.min(from, to), Math.max(from, to) + 1)
  for (const one of range) isIn ? ids.add(one) : ids.delete(one)
  return { ids, isAll: false, last: id }
}
