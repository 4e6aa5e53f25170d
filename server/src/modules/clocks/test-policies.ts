import { NewPolicy } from './schemas.ts'

/** A policy as a form would send it, with what a test has to say about it. */
export const newPolicy = (fields: Partial<NewPolicy> & { code: string }): NewPolicy =>
  NewPolicy.parse({
    names: { zh: '测试', en: 'Test' },
    kind: 'first_response',
    channel: 'web_chat',
    window: { value: 30, unit: 'second' },
    source: 'Test',
    verifiedAt: '2020-01-05',
    ...fields,
  })

export const seconds = (value: number) => ({ value, unit: 'second' as const })
