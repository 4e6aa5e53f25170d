/** As much of JSON Schema as the server says what actions and triggers need in. */
export type ParamSchema = {
  type?: string
  format?: string
  enum?: string[]
  items?: ParamSchema
  anyOf?: ParamSchema[]
  minimum?: number
  maximum?: number
  maxLength?: number
  minLength?: number
  default?: unknown
  /** Of an id or a value: of what. */
  of?: string
  /** For programs, such as what undoes something. */
  internal?: boolean
}
export type ParamsSchema = {
  properties?: Record<string, ParamSchema>
  required?: string[]
  /** Its params stand for each other: one of them is said. */
  takesOne?: boolean
}

export type Param = { name: string; param: ParamSchema; isRequired: boolean }
export type Params = Record<string, unknown>

/**
 * What a person is asked for, in the schema's order. What may be null may be left empty. `isKept`: it is written now
 * and done later, again and again, so that no moment of today's can be meant.
 */
export const paramsOf = ({ properties = {}, required = [] }: ParamsSchema, isKept = false): Param[] =>
  Object.entries(properties)
    .filter(([, param]) => !param.internal && !(isKept && param.format === 'date-time'))
    .map(([name, given]) => {
      const some = given.anyOf?.find(({ type }) => type !== 'null')
      return {
        name,
        param: some ? { ...given, ...some } : given,
        isRequired: required.includes(name) && given.anyOf === undefined && given.default === undefined,
      }
    })

/** As the server takes them: what was left empty is null where that is a value, and else not said. */
export function paramsFrom(schema: ParamsSchema, values: Params): Params {
  const entries = paramsOf(schema).flatMap(({ name }) => {
    const value = values[name]
    if (!isEmpty(value)) return [[name, value]]
    const isNullable = schema.properties?.[name]?.anyOf?.some(({ type }) => type === 'null')
    return isNullable && schema.required?.includes(name) ? [[name, null]] : []
  })
  return Object.fromEntries(entries)
}

/** The params after one was changed; what hangs upon it is empty again. */
export const withParam = (
  schema: ParamsSchema,
  params: Params,
  name: string,
  value: unknown,
  emptied: readonly string[] = [],
) =>
  paramsFrom(schema, {
    ...(schema.takesOne ? {} : params),
    ...Object.fromEntries(emptied.map(other => [other, undefined])),
    [name]: value,
  })

export function isComplete(schema: ParamsSchema, params: Params) {
  const asked = paramsOf(schema)
  return schema.takesOne
    ? asked.some(({ name }) => !isEmpty(params[name]))
    : asked.every(({ name, isRequired }) => !isRequired || !isEmpty(params[name]))
}

const isEmpty = (value: unknown) =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
