import { queryOptions } from '@tanstack/react-query'
import { answer, api, type Schemas } from '../../api/client.ts'

/** A fact's value is any small JSON, which the generated types can only say by recursion without end. */
export type Fact = Omit<Schemas['Fact'], 'value'> & { value: unknown }
export type Customer = Omit<Schemas['Customer'], 'facts'> & { facts: Fact[] }

const at = (id: string) => ({ path: { id } })

export const customer = (id: string) =>
  queryOptions({
    queryKey: ['customer', 'one', id],
    queryFn: (): Promise<Customer> => answer(api.GET('/api/customers/{id}', { params: at(id) })),
    staleTime: 30_000,
  })
