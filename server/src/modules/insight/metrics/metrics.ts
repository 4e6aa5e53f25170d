import { found } from '../../../platform/errors.ts'
import { floor } from './floor.ts'
import type { Metric } from './metric.ts'
import { resolving } from './resolving.ts'
import { responding } from './responding.ts'

/** Every figure the house knows, each said once. */
export const metrics: readonly Metric[] = [...responding, ...resolving, ...floor]

export const getMetric = (code: string): Metric =>
  found(
    metrics.find(metric => metric.code === code),
    'metric',
  )
