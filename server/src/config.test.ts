import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from './config.ts'

describe('the settings', () => {
  test('work when nothing is set', () => {
    expect(readConfig({})).toEqual({
      port: 8400,
      host: '127.0.0.1',
      url: 'http://localhost:8400',
      dataDir: path.resolve(import.meta.dirname, '../../.afar'),
      secret: undefined,
      olderSecrets: [],
      trustProxy: undefined,
      databaseUrl: undefined,
      testDatabaseUrl: undefined,
      roles: ['web', 'worker'],
      logLevel: 'info',
      outboundAllow: [],
      ports: { smtp: undefined },
      isProduction: false,
    })
  })

  test.each([
    [{ AFAR_PORT: '9000' }, { port: 9000, url: 'http://localhost:9000' }],
    [{ AFAR_PORT: '' }, { port: 8400 }],
    [{ AFAR_URL: 'https://help.example.com/' }, { url: 'https://help.example.com' }],
    [{ AFAR_ROLES: 'web, worker' }, { roles: ['web', 'worker'] }],
    [{ AFAR_DATA_DIR: '/srv/afar' }, { dataDir: '/srv/afar' }],
    [
      { AFAR_OUTBOUND_ALLOW: '10.0.0.0/8:443, fd00::/8:*' },
      {
        outboundAllow: [
          { network: '10.0.0.0', prefix: 8, port: 443 },
          { network: 'fd00::', prefix: 8, port: undefined },
        ],
      },
    ],
  ])('%j are read as %j', (env, expected) => {
    expect(readConfig(env)).toMatchObject(expected)
  })

  test.each([
    [{ AFAR_PROT: '9000' }, /does not know AFAR_PROT.*AFAR_PORT/],
    [{ AFAR_PORT: 'http' }, /AFAR_PORT/],
    [{ AFAR_ROLES: 'web,mail' }, /AFAR_ROLES/],
    [{ AFAR_URL: 'ftp://example.com' }, /AFAR_URL/],
    [{ AFAR_SECRET: 'short' }, /AFAR_SECRET: at least 32/],
    [{ DATABASE_URL: 'mysql://localhost/afar' }, /DATABASE_URL: expected an address such as postgres/],
    [{ AFAR_OUTBOUND_ALLOW: '10.0.0.0' }, /expected CIDR:port/],
    [{ AFAR_OUTBOUND_ALLOW: '10.0.0.0/99:443' }, /expected CIDR:port/],
  ])('%j are refused', (env, message) => {
    expect(() => readConfig(env)).toThrow(message)
  })

  test('require a shared secret in production with a database of the operator', () => {
    const env = { NODE_ENV: 'production', DATABASE_URL: 'postgres://db/afar' }
    expect(() => readConfig(env)).toThrow(/AFAR_SECRET is required/)
    expect(readConfig({ ...env, AFAR_SECRET: 'x'.repeat(32) }).secret).toBe('x'.repeat(32))
    expect(readConfig({ NODE_ENV: 'production' }).secret).toBeUndefined()
  })
})
