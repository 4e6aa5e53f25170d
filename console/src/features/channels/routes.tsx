import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { settingsRoute } from '../../shell/routes.tsx'
import type { DeliveryState, InboundState } from './api.ts'

const oneOf = <T extends string>(words: readonly T[], word: unknown) => words.find(known => known === word)
const inboundStates: InboundState[] = ['received', 'done', 'ignored', 'parked']
const deliveryStates: DeliveryState[] = ['pending', 'leased', 'done', 'refused', 'uncertain', 'dead']

const channels = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'channels',
  component: lazyRouteComponent(() => import('./channel-list.tsx'), 'ChannelList'),
})

const channel = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'channels/$channelId',
  component: lazyRouteComponent(() => import('./channel-page.tsx'), 'ChannelPage'),
})

const inbound = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'inbound',
  validateSearch: (search: Record<string, unknown>): { state?: InboundState } => ({
    state: oneOf(inboundStates, search.state),
  }),
  component: lazyRouteComponent(() => import('./inbound-list.tsx'), 'InboundList'),
})

const deliveries = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'deliveries',
  validateSearch: (search: Record<string, unknown>): { state?: DeliveryState } => ({
    state: oneOf(deliveryStates, search.state),
  }),
  component: lazyRouteComponent(() => import('./delivery-list.tsx'), 'DeliveryList'),
})

export const channelRoutes = [channels, channel, inbound, deliveries]
