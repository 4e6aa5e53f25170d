import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env.AFAR_SERVER ?? 'http://localhost:8400'

export default defineConfig(async ({ command }) => ({
  base: '/',
  plugins: [
    react(),
    command === 'serve' && process.env.AFAR_FAKE ? (await import('./dev/fake-api.ts')).fakeApi() : null,
  ],
  server: {
    proxy: process.env.AFAR_FAKE
      ? undefined
      : { '/api': { target: server, ws: true }, '/mail-frame': server },
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
}))
