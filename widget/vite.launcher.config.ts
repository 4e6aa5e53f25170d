import { defineConfig } from 'vite'

/** widget.js: the one script a shop puts into its pages. */
export default defineConfig({
  build: {
    target: 'es2020',
    emptyOutDir: false,
    copyPublicDir: false,
    lib: { entry: 'src/launcher/launcher.ts', formats: ['iife'], name: 'AfarLauncher', fileName: () => 'widget.js' },
  },
})
