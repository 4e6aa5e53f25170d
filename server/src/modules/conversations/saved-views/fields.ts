import type { Ctx } from '../../../platform/context.ts'
import { found } from '../../../platform/errors.ts'
import { type Field, visibleKind } from '../../../platform/filters/fields.ts'
import { operatorsOf } from '../../../platform/filters/operators.ts'

/** What the one who asks may build conditions of. */
export async function describeFields(ctx: Ctx, record: string) {
  const { fields, relations, own } = visibleKind(found(ctx.records.get(record), 'record'), ctx.actor)
  return {
    fields: [...fields, ...((await own?.list(ctx)) ?? [])].map(describe),
    relations: relations.map(({ code, zh, en, fields }) => ({ code, zh, en, fields: fields.map(describe) })),
  }
}

const describe = ({ code, type, zh, en, choices, of }: Field) => ({
  code,
  type,
  zh,
  en,
  choices: choices ? [...choices] : null,
  of: of ?? null,
  operators: operatorsOf(type),
})
