import type { Module } from '../../platform/module.ts'
import { contentRuleRoutes } from './content-rules/routes.ts'
import { seedContentRules } from './content-rules/rules.ts'
import { deliveryMeasures } from './health.ts'
import { giveUpDeliveries } from './leases.ts'
import { routes } from './routes.ts'
import { startSending } from './sender.ts'
import { copyToSent, sentCopies } from './sent-copies.ts'

export const outreachModule: Module = {
  name: 'outreach',
  routes: [...routes, ...contentRuleRoutes],
  measures: deliveryMeasures,
  reactions: [copyToSent],
  jobs: [sentCopies],
  prepare: seedContentRules,
  sweeps: [{ name: 'outreach.give-up', everySeconds: 10, run: giveUpDeliveries }],
  workers: [startSending],
}
