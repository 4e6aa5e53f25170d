import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { rootRoute, settingsRoute } from '../../shell/routes.tsx'

const staff = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'staff',
  component: lazyRouteComponent(() => import('./staff-page.tsx'), 'StaffPage'),
})

const teams = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'teams',
  component: lazyRouteComponent(() => import('./team-list.tsx'), 'TeamList'),
})

const roles = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'roles',
  component: lazyRouteComponent(() => import('./role-matrix.tsx'), 'RoleMatrix'),
})

const apiKeys = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'api-keys',
  component: lazyRouteComponent(() => import('./api-key-list.tsx'), 'ApiKeyList'),
})

const signInWays = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'sign-in',
  component: lazyRouteComponent(() => import('./giver-list.tsx'), 'GiverList'),
})

const acceptance = createRoute({
  getParentRoute: () => rootRoute,
  path: '/invitation/$token',
  component: lazyRouteComponent(() => import('./invitation-acceptance.tsx'), 'InvitationAcceptance'),
})

const passwordReset = createRoute({
  getParentRoute: () => rootRoute,
  path: '/password-reset/$token',
  component: lazyRouteComponent(() => import('./password-reset.tsx'), 'PasswordReset'),
})

export const staffRoutes = [staff, teams, roles, apiKeys, signInWays]
export const invitationRoutes = [acceptance, passwordReset]
