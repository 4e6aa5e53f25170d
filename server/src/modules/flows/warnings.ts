import { findAction } from '../../platform/actions.ts'
import { type Ctx, can } from '../../platform/context.ts'
import { findActor } from '../staff/staff.ts'
import { allSteps } from './places.ts'
import type { Flow } from './schemas.ts'
import type { flowVersions } from './tables.ts'

type Version = Pick<typeof flowVersions.$inferSelect, 'id' | 'terms' | 'publishedBy'> & { record: string }

/** Of each version whose publisher has lost what he published it with; it runs on, as the house. */
export async function warningsOf(ctx: Ctx, versions: readonly Version[]) {
  const warnings = new Map<string, Flow['warnings']>()
  for (const [staffId, published] of Map.groupBy(versions, ({ publishedBy }) => publishedBy)) {
    const publisher = await findActor(ctx, staffId)
    for (const { id, record, terms } of published) {
      if (!publisher) {
        warnings.set(id, ['publisher_gone'])
        continue
      }
      const mayAll = [...allSteps(terms.steps)].every(
        ([, step]) =>
          step.do !== 'act' ||
          can(publisher, findAction(ctx, record, step.action.code)?.permission ?? 'flows:manage'),
      )
      warnings.set(id, mayAll ? [] : ['publisher_lacks'])
    }
  }
  return warnings
}
