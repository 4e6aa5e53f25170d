import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { settingsRoute, shellRoute } from '../../shell/routes.tsx'

const list = createRoute({
  getParentRoute: () => shellRoute,
  path: '/customers',
  validateSearch: ({ search }: Record<string, unknown>): { search?: string } =>
    typeof search === 'string' && search ? { search } : {},
  component: lazyRouteComponent(() => import('./customer-list.tsx'), 'CustomerList'),
})

const page = createRoute({
  getParentRoute: () => shellRoute,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('./customer-page.tsx'), 'CustomerPage'),
})

export const customerRoutes = [list, page]

const customFields = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'custom-fields',
  component: lazyRouteComponent(() => import('./custom-field-list.tsx'), 'CustomFieldList'),
})

const blockedSenders = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'blocked-senders',
  component: lazyRouteComponent(
    () => import('./blocked-senders/blocked-sender-list.tsx'),
    'BlockedSenderList',
  ),
})

export const customerSettingsRoutes = [customFields, blockedSenders]
