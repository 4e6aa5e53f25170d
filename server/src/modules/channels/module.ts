import { unauthorized } from '../../platform/errors.ts'
import type { Module } from '../../platform/module.ts'
import { inboundMeasures } from './health.ts'
import { sealedCredentials } from './mail/credentials.ts'
import { startFetching } from './mail/fetching.ts'
import { mailboxMeasures } from './mail/measures.ts'
import { mailRawRoutes, mailRoutes } from './mail/routes.ts'
import { startSmtpReceiver } from './mail/smtp-receiver.ts'
import { rawRoutes, routes } from './routes.ts'
import { removeScrubbedFiles } from './scrubbing.ts'
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
  routes: [...routes, ...mailRoutes],
  rawRoutes: [...rawRoutes, ...mailRawRoutes],
  measures: [...inboundMeasures, ...mailboxMeasures],
  jobs: [removeScrubbedFiles],
  workers: [place => startFetching(place)],
  listeners: [startSmtpReceiver],
  sealed: [
    ...['secret_sealed', 'previous_secret_sealed'].map(column => ({ table: 'channels', key: 'id', column })),
    sealedCredentials,
  ],
  async authenticate(place, request) {
    const token = visitorToken(request.headers.authorization)
    if (!token) return null
    const actor = await visitorActor(place, token)
    if (!actor) throw unauthorized('visitor_session_over', 'This session is over; begin a new one.')
    return actor
  },
}
