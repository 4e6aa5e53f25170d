import { defineConfig, type Plugin } from 'vite'

/** Vite's loader of chunks also loads their styles, of which there are none here; 1.3 kB for nothing. */
const plainImports: Plugin = {
  name: 'plain-imports',
  enforce: 'pre',
  load: id =>
    id.includes('vite/preload-helper') ? 'export const __vitePreload = load => load()' : undefined,
}

/** The page inside the iframe, served under /widget/. The launcher has a build of its own. */
export default defineConfig({
  base: '/widget/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  plugins: [plainImports],
  build: {
    target: 'es2022',
    cssTarget: ['chrome107', 'firefox104', 'safari16'],
    // The policy of the page forbids inline scripts and data: in styles, so nothing is inlined.
    assetsInlineLimit: 0,
    modulePreload: false,
    chunkSizeWarningLimit: 80,
  },
})
