import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { settingsRoute, shellRoute } from '../../shell/routes.tsx'
import type { ListFilter } from './api.ts'

const views = ['mine', 'unassigned', 'all', 'mentions', 'team', 'snoozed', 'resolved', 'spam'] as const
const sorts = ['clock', 'waiting', 'activity'] as const
const oneOf = <T extends string>(words: readonly T[], word: unknown) => words.find(known => known === word)
const text = (value: unknown) => (typeof value === 'string' && value ? value : undefined)

export const inboxRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/inbox',
  validateSearch: (search: Record<string, unknown>): ListFilter => ({
    view: oneOf(views, search.view),
    sort: oneOf(sorts, search.sort),
    teamId: text(search.teamId),
    storeId: text(search.storeId),
    savedViewId: text(search.savedViewId),
  }),
  component: lazyRouteComponent(() => import('./inbox.tsx'), 'Inbox'),
})

const nothing = createRoute({
  getParentRoute: () => inboxRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./no-conversation.tsx'), 'NoConversation'),
})

const opened = createRoute({
  getParentRoute: () => inboxRoute,
  path: '$conversationId',
  // The place in the thread that a search led to.
  validateSearch: ({ at }: Record<string, unknown>): { at?: number } =>
    typeof at === 'number' && Number.isInteger(at) && at > 0 ? { at } : {},
  component: lazyRouteComponent(() => import('./conversation-page.tsx'), 'ConversationPage'),
})

export const conversationRoutes = inboxRoute.addChildren([nothing, opened])

const quickReplies = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'quick-replies',
  component: lazyRouteComponent(() => import('./quick-replies/quick-reply-list.tsx'), 'QuickReplyList'),
})

const statusLabels = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'status-labels',
  component: lazyRouteComponent(() => import('./status-label-list.tsx'), 'StatusLabelList'),
})

const contactReasons = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'contact-reasons',
  component: lazyRouteComponent(() => import('./reasons/reason-list.tsx'), 'ReasonList'),
})

const ownFields = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'conversation-fields',
  component: lazyRouteComponent(() => import('./own-fields/own-field-list.tsx'), 'OwnFieldList'),
})

export const conversationSettingsRoutes = [quickReplies, statusLabels, contactReasons, ownFields]
