import type { EventType } from '../platform/events.ts'
import type { Module } from '../platform/module.ts'
import * as assistantEvents from './assistant/events.ts'
import { assistantModule } from './assistant/module.ts'
import * as channelEvents from './channels/events.ts'
import { channelsModule } from './channels/module.ts'
import * as clockEvents from './clocks/events.ts'
import { clocksModule } from './clocks/module.ts'
import * as conversationEvents from './conversations/events.ts'
import { conversationsModule } from './conversations/module.ts'
import * as customerEvents from './customers/events.ts'
import { customersModule } from './customers/module.ts'
import * as flowEvents from './flows/events.ts'
import { flowsModule } from './flows/module.ts'
import * as insightEvents from './insight/events.ts'
import { insightModule } from './insight/module.ts'
import * as outreachEvents from './outreach/events.ts'
import { outreachModule } from './outreach/module.ts'
import * as routingEvents from './routing/events.ts'
import { routingModule } from './routing/module.ts'
import { searchModule } from './search/module.ts'
import * as settingsEvents from './settings/events.ts'
import { settingsModule } from './settings/module.ts'
import * as staffEvents from './staff/events.ts'
import { staffModule } from './staff/module.ts'

/** THE ORDER: a module may import from those above it, and only their open files. */
export const modules: readonly Module[] = [
  staffModule,
  settingsModule,
  customersModule,
  channelsModule,
  outreachModule,
  clocksModule,
  conversationsModule,
  routingModule,
  assistantModule,
  insightModule,
  flowsModule,
  searchModule,
]

export const order = modules.map(module => module.name)

export const sealedColumns = modules.flatMap(module => module.sealed ?? [])

/** Everything that can have happened, so that the push knows who may hear of it. */
export const eventTypes = [
  staffEvents,
  settingsEvents,
  customerEvents,
  channelEvents,
  outreachEvents,
  clockEvents,
  conversationEvents,
  routingEvents,
  assistantEvents,
  insightEvents,
  flowEvents,
]
  .flatMap(file => Object.values(file) as unknown[])
  .filter(
    (value): value is EventType<unknown> => typeof value === 'object' && value !== null && 'rooms' in value,
  )
