import type { Config } from '../api/shapes.ts'

export type Field = 'name' | 'email' | 'text'

const address = /^[^\s@]+@[^\s@]+\.[^\s@]+$/

/** Who writes while the shop is closed has gone when it answers: a shop may insist on being able to reach him. */
export const needsEmail = (config: Pick<Config, 'open' | 'requireContactWhenClosed'> | null) =>
  config?.open === false && config.requireContactWhenClosed === true

/** What must be mended before a message is left; who is named already is not asked who he is. */
export function wrongIn(
  { name, email, text }: Record<Field, string>,
  { isNamed, isEmailNeeded }: { isNamed: boolean; isEmailNeeded: boolean },
): Field[] {
  const wrong: Field[] = []
  if (!isNamed && !name.trim()) wrong.push('name')
  if (!isNamed && (email.trim() || isEmailNeeded) && !address.test(email.trim())) wrong.push('email')
  if (!text.trim()) wrong.push('text')
  return wrong
}
