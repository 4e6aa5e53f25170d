import { system } from '../../../platform/context.ts'
import { lookingContext, transact, type Workplace } from '../../../platform/work.ts'
import { signInProved, type Visitor } from '../sign-in.ts'
import { describeGiver } from './description.ts'
import { GiverFailure } from './failures.ts'
import { clientOf, getGiver, getOpenGiver } from './givers.ts'
import { admitPerson } from './people.ts'
import type { GiverAnswer } from './schemas.ts'
import { askWhoItIs } from './tokens.ts'
import { beginTrip, claimTrip, madeFrom } from './trips.ts'

/** Asks the giver where it lives before any row is written. */
export async function sendToGiver(place: Workplace, trip: { giverId: string; next: string }) {
  const giver = await getOpenGiver(lookingContext(place, system), trip.giverId)
  const description = await describeGiver(place, giver.issuer)
  return transact(place, system, ctx =>
    beginTrip(ctx, place.secrets, description, clientOf(place, giver), trip),
  )
}

/** Who comes back from a giver, with its word for him or without. Nothing is believed that is not of this very trip. */
export async function returnFromGiver(
  place: Workplace,
  { state, code, error, iss }: GiverAnswer,
  browser: string | undefined,
  visitor: Visitor,
) {
  if (!state || !browser) throw new GiverFailure('giver_trip_over', 'There is no trip in this browser.')
  const { giverId, next } = await transact(place, system, ctx => claimTrip(ctx, state, browser))
  const giver = await getGiver(lookingContext(place, system), giverId)
  if (!giver.isEnabled) throw new GiverFailure('giver_off')
  const description = await describeGiver(place, giver.issuer)
  if ((description.namesItself || iss !== undefined) && iss !== description.issuer)
    throw new GiverFailure('giver_not_believed', 'The answer comes from another giver.')
  if (error || !code) throw new GiverFailure('giver_said_no', error ?? 'There is no code.')
  const { nonce, verifier } = madeFrom(place.secrets, state)
  const claims = await askWhoItIs(place, description, clientOf(place, giver), { code, verifier, nonce })
  const person = await transact(place, system, ctx => admitPerson(ctx, giver, description.issuer, claims))
  const answer = await signInProved(place, person, visitor, {
    asksSecondFactor: !giver.isSecondFactor,
    by: `identity_giver:${giver.id}`,
  })
  return { answer, next }
}
