import { deepl } from './deepl.ts'
import { google } from './google.ts'
import { openai } from './openai.ts'
import type { TranslationProvider } from './provider.ts'
import type { providerKinds } from './tables.ts'

export type ProviderKind = (typeof providerKinds)[number]

export const providers: Record<ProviderKind, TranslationProvider> = { openai, deepl, google }
