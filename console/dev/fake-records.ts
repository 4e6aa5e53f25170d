import { id } from './fake-people.ts'
import { refuse } from './fake-wire.ts'

export const upsert = <T extends { id: string }>(all: T[], known: string | undefined, body: object) => {
  const row = all.find(one => one.id === known)
  if (row) return Object.assign(row, body)
  const made = { id: id(), ...body } as T
  all.push(made)
  return made
}
export const list = (items: unknown[]) => () => ({ items, next: null })
export const findIn = <T extends { id: unknown }>(all: T[], wanted: unknown) =>
  all.find(one => String(one.id) === wanted) ?? refuse(404, 'not_found')
