import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { shellRoute } from '../../shell/routes.tsx'
import type { Cut } from './api.ts'

const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)
const day = (value: unknown) => (/^20\d\d-\d\d-\d\d$/.test(String(value)) ? String(value) : undefined)

export type FigureSearch = {
  metric?: string
  from?: string
  to?: string
  by?: Cut
  /** A part that is open, `-` for what has none; `all` for the whole figure. */
  open?: string
  today?: true
}

export const insightRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/insight',
  component: lazyRouteComponent(() => import('./insight-frame.tsx'), 'InsightFrame'),
})

const wall = createRoute({
  getParentRoute: () => insightRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./wall-page.tsx'), 'WallPage'),
})

const figures = createRoute({
  getParentRoute: () => insightRoute,
  path: 'figures',
  validateSearch: (search: Record<string, unknown>): FigureSearch => ({
    metric: text(search.metric),
    from: day(search.from),
    to: day(search.to),
    by: text(search.by) as Cut | undefined,
    open: text(search.open),
    today: search.today === true ? true : undefined,
  }),
  component: lazyRouteComponent(() => import('./figures-page.tsx'), 'FiguresPage'),
})

const days = createRoute({
  getParentRoute: () => insightRoute,
  path: 'days',
  validateSearch: (search: Record<string, unknown>): { date?: string } => ({ date: day(search.date) }),
  component: lazyRouteComponent(() => import('./days-page.tsx'), 'DaysPage'),
})

const exports = createRoute({
  getParentRoute: () => insightRoute,
  path: 'exports',
  component: lazyRouteComponent(() => import('./exports-page.tsx'), 'ExportsPage'),
})

const watch = createRoute({
  getParentRoute: () => insightRoute,
  path: 'watch/$conversationId',
  component: lazyRouteComponent(() => import('./watch-page.tsx'), 'WatchPage'),
})

export const insightRoutes = insightRoute.addChildren([wall, figures, days, exports, watch])
