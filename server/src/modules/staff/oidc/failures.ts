import { OutboundError } from '../../../platform/outbound.ts'

/** Why somebody is not signed in through a giver, or a giver cannot be used: a code for the reader, words for the log. */
export class GiverFailure extends Error {
  readonly code: string
  readonly detail: string

  constructor(code: string, detail = '', cause?: unknown) {
    super(`${code}: ${detail}`, { cause })
    this.name = 'GiverFailure'
    this.code = code
    this.detail = detail.slice(0, 300)
  }
}

export const asFailure = (error: unknown) => {
  if (error instanceof GiverFailure) return error
  if (error instanceof OutboundError)
    return new GiverFailure(
      error.code === 'address_not_allowed' || error.code === 'bad_address'
        ? 'giver_address_refused'
        : 'giver_unreachable',
      error.message,
      error,
    )
  return null
}
