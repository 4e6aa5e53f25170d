import type { FakeRoute } from './fake-api.ts'
import { permissions, roles, staff, stores, teams } from './fake-world.ts'

export const settingsRoutes: FakeRoute[] = [
  ['GET', /^\/staff$/, () => ({ items: staff })],
  ['GET', /^\/teams$/, () => ({ items: teams })],
  ['GET', /^\/stores$/, () => ({ items: stores })],
  ['GET', /^\/roles$/, () => ({ items: roles })],
  ['GET', /^\/permissions$/, () => ({ items: permissions })],
]
