import type { BodyOf } from '../../../api/client.ts'
import type { Correspondent, MailDraft } from './api.ts'

/** What a writer changed of the mail his reply will be. Null stands for what it would be by itself. */
export type MailEdits = { to: string[] | null; cc: string[]; bcc: string[]; subject: string | null }
export type MailOptions = NonNullable<BodyOf<'/api/conversations/{id}/replies', 'post'>['mail']>
export type Field = 'to' | 'cc' | 'bcc'

export const noEdits: MailEdits = { to: null, cc: [], bcc: [], subject: null }

/** `ana@x.example` or `Ana Lopes <ana@x.example>`, as people write and copy it; null where it is no address. */
export function readCorrespondent(typed: string): Correspondent | null {
  const [, name = '', bracketed] = /^(.*)<([^<>]*)>$/su.exec(typed.trim()) ?? []
  const address = (bracketed ?? typed).trim().toLowerCase()
  if (!isAddress.test(address) || address.length > 254) return null
  return {
    name: name
      .trim()
      .replace(/^"(.*)"$/s, '$1')
      .trim(),
    address,
  }
}

/** Close to what the server takes; it has the last word. */
const isAddress =
  /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([a-z0-9-]+\.)+[a-z0-9-]{2,}$/

export const spellCorrespondent = ({ name, address }: Correspondent) =>
  name ? `${name.replaceAll(/[<>,;"]/g, ' ').trim()} <${address}>` : address

/** Each address once; what is typed anew does not push out the name it had. */
export function onceEach(typed: readonly string[]): string[] {
  const byAddress = new Map<string, string>()
  for (const one of typed) {
    const key = readCorrespondent(one)?.address ?? one.trim()
    if (key && !byAddress.has(key)) byAddress.set(key, one.trim())
  }
  return [...byAddress.values()]
}

export const recipientsOf = (draft: MailDraft | undefined, edits: MailEdits, field: Field) =>
  field === 'to' ? (edits.to ?? draft?.to.map(spellCorrespondent) ?? []) : edits[field]

const everybody = (draft: MailDraft | undefined, edits: MailEdits) =>
  (['to', 'cc', 'bcc'] as const).flatMap(field => recipientsOf(draft, edits, field))

export const unreadable = (edits: MailEdits) =>
  [...(edits.to ?? []), ...edits.cc, ...edits.bcc].filter(typed => readCorrespondent(typed) === null)

/** Who else the last mail went to and is not written to yet. */
export function othersLeft(draft: MailDraft, edits: MailEdits): Correspondent[] {
  const written = new Set(everybody(draft, edits).map(typed => readCorrespondent(typed)?.address))
  return draft.others.filter(({ address }) => !written.has(address))
}

/** Whom the mail goes to although something is known against it. */
export function suppressedAmong(draft: MailDraft, edits: MailEdits) {
  const written = new Set(everybody(draft, edits).map(typed => readCorrespondent(typed)?.address))
  // As the server names them, which for some readers is masked and no address any more.
  for (const { address } of edits.to ? [] : draft.to) written.add(address)
  return draft.suppressed.filter(({ address }) => written.has(address))
}

/** What the server is told: nothing at all of what was left as it was. */
export function optionsOf({ to, cc, bcc, subject }: MailEdits): MailOptions | undefined {
  const read = (typed: readonly string[]) => typed.flatMap(one => readCorrespondent(one) ?? [])
  const isUntouched = to === null && cc.length === 0 && bcc.length === 0 && subject === null
  if (isUntouched) return undefined
  return {
    ...(to && { to: read(to) }),
    cc: read(cc),
    bcc: read(bcc),
    ...(subject !== null && { subject: subject.trim() }),
  }
}

/** A reply taken back is changed from where it was. */
export const editsOf = (options: MailOptions | null | undefined): MailEdits => ({
  to: options?.to?.map(one => spellCorrespondent({ name: '', ...one })) ?? null,
  cc: (options?.cc ?? []).map(one => spellCorrespondent({ name: '', ...one })),
  bcc: (options?.bcc ?? []).map(one => spellCorrespondent({ name: '', ...one })),
  subject: options?.subject ?? null,
})
