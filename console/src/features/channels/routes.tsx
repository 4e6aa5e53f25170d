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
  // How it went at the giver of tokens, from where people are sent back here.
  validateSearch: (search: Record<string, unknown>): { grant?: 'given' | 'refused'; reason?: string } => ({
    grant: oneOf(['given', 'refused'], search.grant),
    reason: typeof search.reason === 'string' ? search.reason : undefined,
  }),
  component: lazyRouteComponent(() => import('./channel-page.tsx'), 'ChannelPage'),
})

const inbound = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'inbound',
  validateSearch: (search: Record<string, unknown>): { state?: InboundState; channel?: string } => ({
    state: oneOf(inboundStates, search.state),
    channel: typeof search.channel === 'string' ? search.channel : undefined,
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
