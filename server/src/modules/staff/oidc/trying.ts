import { system } from '../../../platform/context.ts'
import { newToken } from '../../../platform/secrets.ts'
import { lookingContext, type Workplace } from '../../../platform/work.ts'
import { type Description, describeGiver, keysOf } from './description.ts'
import { asFailure } from './failures.ts'
import { clientOf, type Giver, getGiver } from './givers.ts'
import type { GiverTrial } from './schemas.ts'
import { algorithms, askForTokens } from './tokens.ts'

type Step = GiverTrial['steps'][number]

/** Looks whether a giver can be used, as far as that shows without a person: its description, keys, and our secret. */
export async function tryGiver(place: Workplace, id: string): Promise<GiverTrial> {
  const giver = await getGiver(lookingContext(place, system), id)
  const steps: Step[] = []
  const look = async (step: Step['step'], at: () => Promise<Omit<Step, 'step'>>) => {
    const found = await at().catch(error => {
      const failure = asFailure(error)
      if (!failure) throw error
      return { state: 'failed' as const, code: failure.code, detail: failure.detail }
    })
    steps.push({ step, ...found })
    return found.state !== 'failed'
  }
  const described = await look('description', () => lookAtDescription(place, giver))
  if (described) {
    const description = await describeGiver(place, giver.issuer)
    await look('keys', () => lookAtKeys(place, description))
    await look('client', () => lookAtClient(place, description, giver))
  }
  return { ok: steps.every(({ state }) => state !== 'failed'), steps }
}

async function lookAtDescription(place: Workplace, { issuer }: Giver) {
  const { challenges, authorization } = await describeGiver(place, issuer, { anew: true })
  if (challenges && !challenges.includes('S256')) return doubtful('no_pkce')
  return /^https:/.test(issuer) && /^https:/.test(authorization)
    ? fine('described')
    : doubtful('not_encrypted')
}

async function lookAtKeys(place: Workplace, description: Description) {
  const { keys } = await keysOf(place, description, { anew: true })
  const usable = keys.filter(({ kty, use }) => ['RSA', 'EC', 'OKP'].includes(String(kty)) && use !== 'enc')
  if (usable.length === 0) return failed('giver_without_keys')
  const said = description.algorithms
  if (said.length > 0 && !said.some(one => algorithms.includes(one)))
    return failed('algorithm_not_allowed', said.join(', '))
  return fine('keys_found', String(usable.length))
}

/** A code nobody gave: refused for the code, the client is known; refused for the client, the code is not even looked at. */
async function lookAtClient(place: Workplace, description: Description, giver: Giver) {
  const trip = { code: newToken(), verifier: newToken() }
  const { status, said } = await askForTokens(place, description, clientOf(place, giver), trip)
  const words = [said.error, said.error_description].filter(word => typeof word === 'string').join(': ')
  if (said.error === 'invalid_grant') return fine('client_known')
  if (status === 401 || ['invalid_client', 'unauthorized_client'].includes(String(said.error)))
    return failed('giver_refuses_us', words)
  return doubtful('client_unclear', words || `HTTP ${status}`)
}

const told =
  (state: Step['state']) =>
  (code: string, detail = '') => ({ state, code, detail: detail.slice(0, 300) })
const [fine, doubtful, failed] = [told('fine'), told('doubtful'), told('failed')]
