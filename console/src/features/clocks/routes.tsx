import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { settingsRoute } from '../../shell/routes.tsx'

const policies = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'clock-policies',
  component: lazyRouteComponent(() => import('./policy-list.tsx'), 'PolicyList'),
})

export const clockRoutes = [policies]
