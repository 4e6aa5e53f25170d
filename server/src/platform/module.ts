import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { Action } from './actions.ts'
import type { Actor, Ctx } from './context.ts'
import type { Reaction } from './events.ts'
import type { FieldsOf } from './filters/fields.ts'
import type { Measure } from './metrics.ts'
import type { Job } from './queue.ts'
import type { SocketDoor, SocketSignal } from './realtime.ts'
import type { SealedColumn } from './resealing.ts'
import type { RawRoute, Route } from './route.ts'
import type { Sweep } from './sweeps.ts'
import type { Trigger, TriggerKinds } from './triggers.ts'
import type { VariableSource } from './variables.ts'
import type { News, Workplace } from './work.ts'

/** What a role may be given: the code that routes ask for, and how it is called in the console. */
export type PermissionName = { code: `${string}:${string}`; zh: string; en: string }

/** `follows`: what it is woken by at once, events unless told otherwise. It catches up by itself each second. */
export type Worker = { follows?: News; wake(): void; stop(): Promise<void> }

/** Ports beside that of HTTP; one that the operator did not open is absent. */
export type Ports = { smtp?: { port: number; host: string } | undefined }
export type Listener = { port: number; stop(): Promise<void> }

/** What a module offers to the house; the rest of it is private. */
export type Module = {
  name: string
  permissions?: readonly PermissionName[]
  routes?: readonly Route[]
  rawRoutes?: readonly RawRoute[]
  reactions?: readonly Reaction[]
  jobs?: readonly Job[]
  sweeps?: readonly Sweep[]
  /** What a new house starts with; runs at every start and must bear repetition. */
  prepare?: (ctx: Ctx) => Promise<void>
  /** Says who sends a request, or null where it carries no sign of its own kind. A bad sign is refused. */
  authenticate?: (place: Workplace, request: FastifyRequest) => Promise<Actor | null>
  sockets?: readonly SocketDoor[]
  /** Where it keeps sealed values, so that they follow a change of the master key. */
  sealed?: readonly SealedColumn[]
  /** Figures of its own for /metrics. */
  measures?: readonly Measure[]
  /** Loops of the worker role that are woken after each commit and catch up by themselves. */
  workers?: readonly ((place: Workplace) => Worker)[]
  /** Servers of the worker role that speak something else than HTTP; null where their port is not open. */
  listeners?: readonly ((place: Workplace, ports: Ports) => Promise<Listener | null>)[]
  signals?: readonly SocketSignal<z.ZodType>[]
  /** What conditions may ask about its records, and about those of modules above it. */
  fields?: readonly FieldsOf[]
  /** What macros, bulk jobs and rules may do to its records. */
  actions?: readonly Action[]
  /** What can happen to its records that rules may wait for. */
  triggers?: readonly Trigger[]
  /** Reactions to whatever the modules declare as triggers. */
  reactionsTo?: (triggers: TriggerKinds) => readonly Reaction[]
  /** What texts about its records may name, to be filled in. */
  variables?: readonly VariableSource[]
}
