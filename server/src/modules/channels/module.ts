import { unauthorized } from '../../platform/errors.ts'
import type { Module } from '../../platform/module.ts'
import { inboundMeasures } from './health.ts'
import { rawRoutes, routes } from './routes.ts'
import { visitorActor, visitorToken } from './visitors.ts'

export const channelsModule: Module = {
  name: 'channels',
  permissions: [
    {
      code: 'channels:manage',
      zh: '管理渠道与收发记录',
      en: 'Manage channels, what came in and what went out',
    },
  ],
  routes,
  rawRoutes,
  measures: inboundMeasures,
  sealed: ['secret_sealed', 'previous_secret_sealed'].map(column => ({
    table: 'channels',
    key: 'id',
    column,
  })),
  async authenticate(place, request) {
    const token = visitorToken(request.headers.authorization)
    if (!token) return null
    const actor = await visitorActor(place, token)
    if (!actor) throw unauthorized('visitor_session_over', 'This session is over; begin a new one.')
    return actor
  },
}
