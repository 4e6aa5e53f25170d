import type { QueryClient } from '@tanstack/react-query'
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { conversationRoutes } from '../features/conversations/routes.tsx'
import { customerRoutes } from '../features/customers/routes.tsx'
import { profileRoutes } from '../features/profile/routes.tsx'
import { setupRoutes } from '../features/setup/routes.tsx'
import { signInRoutes } from '../features/sign-in/routes.tsx'
import { rootRoute, shellRoute } from '../shell/routes.tsx'
import { NotFound, Trouble } from '../shell/trouble.tsx'

const home = createRoute({
  getParentRoute: () => shellRoute,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox' })
  },
})

const desk = shellRoute.update({ component: lazyRouteComponent(() => import('./desk.tsx'), 'Desk') })

const tree = rootRoute.addChildren([...signInRoutes, ...setupRoutes, desk.addChildren([home, conversationRoutes, ...customerRoutes, ...profileRoutes])])

export const makeRouter = (queries: QueryClient) =>
  createRouter({
    routeTree: tree,
    context: { queries },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultErrorComponent: Trouble,
    defaultNotFoundComponent: NotFound,
    scrollRestoration: true,
  })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
