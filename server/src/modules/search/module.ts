import type { Module } from '../../platform/module.ts'
import { searchMeasures, seedProgress } from './indexing.ts'
import { startIndexing } from './jobs.ts'
import { routes } from './routes.ts'

export const searchModule: Module = {
  name: 'search',
  routes,
  workers: [startIndexing],
  measures: searchMeasures,
  prepare: seedProgress,
}
