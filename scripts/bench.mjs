import { build, install, runNode } from './setup.mjs'

install()
build()
await runNode(['bench/main.ts', ...process.argv.slice(2)])
