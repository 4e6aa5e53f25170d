import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { settingsRoute } from '../../shell/routes.tsx'

const company = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'company',
  component: lazyRouteComponent(() => import('./company-page.tsx'), 'CompanyPage'),
})

const stores = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'stores',
  component: lazyRouteComponent(() => import('./store-list.tsx'), 'StoreList'),
})

const calendars = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'calendars',
  component: lazyRouteComponent(() => import('./calendar-list.tsx'), 'CalendarList'),
})

const calendar = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'calendars/$calendarId',
  component: lazyRouteComponent(() => import('./calendar-page.tsx'), 'CalendarPage'),
})

const texts = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'texts',
  component: lazyRouteComponent(() => import('./text-list.tsx'), 'TextList'),
})

export const settingsRoutes = [company, stores, calendars, calendar, texts]
