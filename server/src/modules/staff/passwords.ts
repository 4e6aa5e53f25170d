import { hash, verify } from '@node-rs/argon2'
import { newToken } from '../../platform/secrets.ts'

/** Argon2id at the minimum of OWASP's password storage cheat sheet: 19 MiB, two passes, one lane. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

let decoy: Promise<string> | undefined

export const hashPassword = (password: string) => hash(password.normalize('NFKC'), cost)

/** Without a hash the same work is done on a decoy, so that an unknown account takes as long as a known one. */
export async function isPassword(stored: string | null | undefined, given: string) {
  decoy ??= hashPassword(newToken())
  const matches = await verify(stored ?? (await decoy), given.normalize('NFKC'))
  return matches && stored != null
}
