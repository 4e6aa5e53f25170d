import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { settingsRoute } from '../../shell/routes.tsx'

const list = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'flows',
  component: lazyRouteComponent(() => import('./flow-list.tsx'), 'FlowList'),
})

const editor = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'flows/$flowId',
  component: lazyRouteComponent(() => import('./flow-page.tsx'), 'FlowPage'),
})

const journal = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'flows/$flowId/runs',
  component: lazyRouteComponent(() => import('./journal-page.tsx'), 'JournalPage'),
})

export const flowRoutes = [list, editor, journal]
