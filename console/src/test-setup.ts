import { afterEach, beforeAll } from 'vitest'

if (typeof document !== 'undefined') {
  const { cleanup } = await import('@testing-library/react')
  const { startI18n } = await import('./i18n/index.ts')
  beforeAll(() => startI18n('en'))
  afterEach(cleanup)
}
