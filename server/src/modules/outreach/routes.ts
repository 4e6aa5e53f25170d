import { Id, Nothing, Page, route } from '../../platform/route.ts'
import { listDeliveries, replayDelivery } from './deliveries.ts'
import { Delivery, DeliveryFilter, DeliveryPage, SuppressionPage } from './schemas.ts'
import { liftSuppression, listSuppressions } from './suppressions.ts'

export const routes = [
  route({
    method: 'GET',
    url: '/deliveries',
    summary: 'List what was sent out, newest first',
    permission: 'channels:manage',
    query: DeliveryFilter,
    returns: DeliveryPage,
    run: (ctx, { query }) => listDeliveries(ctx, query),
  }),
  route({
    method: 'PUT',
    url: '/deliveries/:id/replay',
    summary: 'Send again what was refused, given up or is uncertain',
    permission: 'channels:manage',
    params: Id,
    returns: Delivery,
    run: (ctx, { params }) => replayDelivery(ctx, params.id),
  }),
  route({
    method: 'GET',
    url: '/suppressions',
    summary: 'List the addresses that nothing is sent to by itself, newest first',
    permission: 'channels:manage',
    query: Page,
    returns: SuppressionPage,
    run: (ctx, { query }) => listSuppressions(ctx, query),
  }),
  route({
    method: 'DELETE',
    url: '/suppressions/:id',
    summary: 'Lift a suppression',
    permission: 'channels:manage',
    params: Id,
    returns: Nothing,
    run: (ctx, { params }) => liftSuppression(ctx, params.id),
  }),
]
