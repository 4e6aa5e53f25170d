import { finish } from './check.ts'

/** The widget in a real browser, against the fake server: `node test/chromium.ts [part of a name]`. */
await import('./lines.ts')
await import('./people.ts')
await import('./pages.ts')
await finish()
