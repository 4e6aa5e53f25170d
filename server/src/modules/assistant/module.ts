import type { Module } from '../../platform/module.ts'
import { reactions } from './jobs.ts'
import { forgetOrphans } from './translation/cache.ts'
import { glossaryRawRoutes, glossaryRoutes } from './translation/glossary-routes.ts'
import { sealedKeys } from './translation/providers.ts'
import { translationRawRoutes, translationRoutes } from './translation/routes.ts'
import { seedTranslationSettings } from './translation/settings.ts'
import { startTranslating } from './translation/translator.ts'

export const assistantModule: Module = {
  name: 'assistant',
  permissions: [
    {
      code: 'assistant:manage',
      zh: '管理翻译服务、术语与费用',
      en: 'Manage translation services, glossary and costs',
    },
  ],
  routes: [...translationRoutes, ...glossaryRoutes],
  rawRoutes: [...translationRawRoutes, ...glossaryRawRoutes],
  reactions,
  prepare: seedTranslationSettings,
  sweeps: [{ name: 'assistant.forget-orphans', everySeconds: 600, run: forgetOrphans }],
  workers: [startTranslating],
  sealed: [sealedKeys],
}
