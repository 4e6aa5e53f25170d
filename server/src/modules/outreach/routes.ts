import { Id, route } from '../../platform/route.ts'
import { listDeliveries, replayDelivery } from './deliveries.ts'
import { Delivery, DeliveryFilter, DeliveryPage } from './schemas.ts'

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
]
