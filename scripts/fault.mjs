import { build, install, runNode } from './setup.mjs'

install()
build()
await runNode(['e2e/fault/main.ts', ...process.argv.slice(2)])
