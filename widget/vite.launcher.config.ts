import { defineConfig } from 'vite'

/** widget.js: the one script a shop puts into its pages. */
export default defineConfig({
  build: {
    target: 'es2020',
    // Older targets would turn inline-end into left and right by language, not by direction.
    cssTarget: ['chrome107', 'firefox104', 'safari16'],
    emptyOutDir: false,
    copyPublicDir: false,
    lib: {
      entry: 'src/launcher/launcher.ts',
      formats: ['iife'],
      name: 'AfarLauncher',
      fileName: () => 'widget.js',
    },
  },
})
