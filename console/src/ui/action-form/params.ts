/** As much of JSON Schema as the server says what actions need in. */
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
  /** Of an id: of what. */
  of?: string
  /** For programs, such as what undoes something. */
  internal?: boolean
}
export type ParamsSchema = { properties?: Record<string, ParamSchema>; required?: string[] }

export type Param = { name: string; param: ParamSchema; isRequired: boolean }

/** What a person is asked for, in the schema's order. What may be null may be left empty. */
export const paramsOf = ({ properties = {}, required = [] }: ParamsSchema): Param[] =>
  Object.entries(properties)
    .filter(([, param]) => !param.internal)
    .map(([name, given]) => {
      const some = given.anyOf?.find(({ type }) => type !== 'null')
      return {
        name,
        param: some ? { ...given, ...some } : given,
        isRequired: required.includes(name) && given.anyOf === undefined && given.default === undefined,
      }
    })

/** As the server takes them: what was left empty is null where that is a value, and else not said. */
export function paramsFrom(schema: ParamsSchema, values: Record<string, unknown>) {
  const entries = paramsOf(schema).flatMap(({ name }) => {
    const value = values[name]
    const isEmpty = value === undefined || value === null || value === ''
    if (!isEmpty) return [[name, value]]
    const isNullable = schema.properties?.[name]?.anyOf?.some(({ type }) => type === 'null')
    return isNullable && schema.required?.includes(name) ? [[name, null]] : []
  })
  return Object.fromEntries(entries) as Record<string, unknown>
}
