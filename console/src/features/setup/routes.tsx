import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { setup } from '../../api/session.ts'
import { rootRoute } from '../../shell/routes.tsx'

const firstRun = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  beforeLoad: async ({ context }) => {
    const { needed } = await context.queries.fetchQuery(setup())
    if (!needed) throw redirect({ to: '/' })
  },
  component: lazyRouteComponent(() => import('./setup.tsx'), 'Setup'),
})

export const setupRoutes = [firstRun]
