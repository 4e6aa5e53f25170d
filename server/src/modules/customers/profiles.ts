import type { CustomFields, OwnProfile, Profile } from './tables.ts'

export const scalarFields = ['name', 'language', 'zone', 'country'] as const

/** What a customer is on his own, so that nothing filled from others is taken for his. */
export function ownOf({ name, language, zone, country, tags, customFields }: Profile): OwnProfile {
  return { ...withoutBlanks({ name, language, zone, country }), tags, withoutTags: [], customFields }
}

/** His own, blanks filled from those merged into him, the earliest merged first. */
export function profileOf(own: OwnProfile, merged: readonly Profile[]): Profile {
  const first = <F extends 'name' | 'language' | 'zone' | 'country'>(field: F): Profile[F] | undefined =>
    field in own ? (own[field] as Profile[F]) : merged.find(profile => profile[field])?.[field]
  const tags = new Set([...own.tags, ...merged.flatMap(profile => profile.tags)])
  return {
    name: first('name') ?? '',
    language: first('language') ?? null,
    zone: first('zone') ?? null,
    country: first('country') ?? null,
    tags: [...tags].filter(tag => !own.withoutTags.includes(tag)),
    customFields: withoutNulls(
      Object.assign({}, ...merged.map(profile => profile.customFields).toReversed(), own.customFields),
    ),
  }
}

/** The same tags set by hand: what was his stays his, what was theirs and is gone stays away. */
export function ownTags(own: OwnProfile, shown: readonly string[], tags: readonly string[]): OwnProfile {
  return {
    ...own,
    tags: tags.filter(tag => own.tags.includes(tag) || !shown.includes(tag)),
    withoutTags: [...new Set([...own.withoutTags, ...shown])].filter(tag => !tags.includes(tag)),
  }
}

export const withoutNulls = (fields: Record<string, string | number | null>): CustomFields =>
  Object.fromEntries(
    Object.entries(fields).filter((entry): entry is [string, string | number] => entry[1] !== null),
  )

export const withoutBlanks = <T extends object>(fields: T): Partial<T> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  ) as Partial<T>
