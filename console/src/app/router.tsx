import type { QueryClient } from '@tanstack/react-query'
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { auditRoutes } from '../features/audit/routes.tsx'
import { channelRoutes } from '../features/channels/routes.tsx'
import { clockRoutes } from '../features/clocks/routes.tsx'
import { conversationRoutes, conversationSettingsRoutes } from '../features/conversations/routes.tsx'
import { customerRoutes, customerSettingsRoutes } from '../features/customers/routes.tsx'
import { flowRoutes } from '../features/flows/routes.tsx'
import { insightRoutes } from '../features/insight/routes.tsx'
import { profileRoutes } from '../features/profile/routes.tsx'
import { routingRoutes } from '../features/routing/routes.tsx'
import { searchRoutes } from '../features/search/routes.tsx'
import { settingsRoutes } from '../features/settings/routes.tsx'
import { setupRoutes } from '../features/setup/routes.tsx'
import { signInRoutes } from '../features/sign-in/routes.tsx'
import { invitationRoutes, staffRoutes } from '../features/staff/routes.tsx'
import { translationRoutes } from '../features/translation/routes.tsx'
import { rootRoute, settingsRoute, shellRoute } from '../shell/routes.tsx'
import { NotFound, Trouble } from '../shell/trouble.tsx'
import { Skeleton } from '../ui/states.tsx'

const home = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox' })
  },
})

const settingsHome = createRoute({
  getParentRoute: () => settingsRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/company' })
  },
})

const settings = settingsRoute
  .update({ component: lazyRouteComponent(() => import('./settings.tsx'), 'Settings') })
  .addChildren([
    settingsHome,
    ...settingsRoutes,
    ...staffRoutes,
    ...auditRoutes,
    ...channelRoutes,
    ...conversationSettingsRoutes,
    ...clockRoutes,
    ...routingRoutes,
    ...flowRoutes,
    ...translationRoutes,
    ...customerSettingsRoutes,
  ])

const desk = shellRoute
  .update({ component: lazyRouteComponent(() => import('./desk.tsx'), 'Desk') })
  .addChildren([
    ...[home, conversationRoutes, ...customerRoutes, ...searchRoutes],
    ...[insightRoutes, ...profileRoutes, settings],
  ])

const tree = rootRoute.addChildren([...signInRoutes, ...setupRoutes, ...invitationRoutes, desk])

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: Skeleton,
    defaultPendingMs: 0,
    defaultErrorComponent: Trouble,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
