import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { settingsRoute } from '../../shell/routes.tsx'

const queues = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'queues',
  component: lazyRouteComponent(() => import('./queue-list.tsx'), 'QueueList'),
})

const simulation = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'queues/simulation',
  component: lazyRouteComponent(() => import('./simulation-page.tsx'), 'SimulationPage'),
})

export const routingRoutes = [queues, simulation]
