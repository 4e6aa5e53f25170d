import { at, build, install, runNode } from './setup.mjs'

// Starting leaves much behind that lives short, for which V8 would keep 100 MB of young space for good, and glibc an
// arena for every thread. With less of both the server idles at half the memory. And V8 lets the heap of a large
// machine grow to four times of what lives before it looks what is dead.
const flags = ['--max-semi-space-size=8', '--heap-growing-percent=50']

install()
build()
const env = {
  MALLOC_ARENA_MAX: '2',
  // What was compiled once need not be compiled at every start.
  NODE_COMPILE_CACHE: at('node_modules/.cache/compile'),
  ...process.env,
}
await runNode([...flags, 'server/src/main.ts', ...process.argv.slice(2)], { env })
