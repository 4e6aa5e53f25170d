import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'postgresql',
  schema: [
    './server/src/platform/{audit,events,files,rate-limits,reactions}.ts',
    './server/src/modules/**/tables.ts',
  ],
  out: './server/migrations',
  casing: 'snake_case',
})
