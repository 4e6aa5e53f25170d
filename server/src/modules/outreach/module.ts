import type { Module } from '../../platform/module.ts'
import { deliveryMeasures } from './health.ts'
import { giveUpDeliveries } from './leases.ts'
import { routes } from './routes.ts'
import { startSending } from './sender.ts'
import { copyToSent, sentCopies } from './sent-copies.ts'

export const outreachModule: Module = {
  name: 'outreach',
  routes,
  measures: deliveryMeasures,
  reactions: [copyToSent],
  jobs: [sentCopies],
  sweeps: [{ name: 'outreach.give-up', everySeconds: 10, run: giveUpDeliveries }],
  workers: [startSending],
}
