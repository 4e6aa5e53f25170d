import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    // A test fails by what it sees, not by how busy the machine is.
    testTimeout: 20_000,
    name: 'console',
    // A test of what is on a screen asks for happy-dom in its first line; rules need no browser.
    environment: 'node',
    include: ['src/**/*.test.{ts,tsx}'],
    setupFiles: ['src/test-setup.ts'],
    restoreMocks: true,
  },
})
