import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, Outlet, redirect } from '@tanstack/react-router'
import { Refused } from '../api/client.ts'
import { session, setup } from '../api/session.ts'
import { speak } from '../i18n/index.ts'
import { Opening } from './opening.tsx'
import { NotFound, Trouble } from './trouble.tsx'

export const rootRoute = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Outlet,
  errorComponent: Trouble,
  notFoundComponent: NotFound,
})

let spoken = false

/** Everything inside: only for who is signed in. An empty house leads to its first screen instead. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  pendingComponent: Opening,
  beforeLoad: async ({ context: { queries }, location }) => {
    const me = await queries.ensureQueryData(session()).catch(async error => {
      if (!(error instanceof Refused && error.status === 401)) throw error
      const { needed } = await queries.fetchQuery(setup())
      if (needed) throw redirect({ to: '/setup' })
      throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
    })
    if (!spoken) await speak(me.locale)
    spoken = true
  },
})

export const settingsRoute = createRoute({ getParentRoute: () => shellRoute, path: '/settings' })
