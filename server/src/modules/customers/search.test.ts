import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { startTestApp } from '../../../test/app.ts'
import { isDenseText } from '../../platform/search-text.ts'
import { foldName, refreshNeedles } from './needles.ts'
import type { Customer, CustomerRow } from './schemas.ts'

const app = await startTestApp()
const agent = await app.as('agent')
const trainer = await app.as('trainer')

const create = async (name: string, fields: object = {}) =>
  (await agent.post('/customers', { name, ...fields })).body as Customer
type Found = { items: CustomerRow[]; next: string | null }
const search = async (sought: string, { who = agent, limit = 100, cursor = '' } = {}) => {
  const answer = await who.get(
    `/customers?search=${encodeURIComponent(sought)}&limit=${limit}${cursor && `&cursor=${cursor}`}`,
  )
  expect(answer.status).toBe(200)
  return answer.body as Found
}
const names = async (sought: string, options = {}) =>
  (await search(sought, options)).items.map(item => item.name)
/** A word that stands in no other test's names. */
const letters = 'bcdfghjklmnpqrstvwxz'
const word = () =>
  Array.from({ length: 6 }, (_, n) => letters[(app.unique() * 7 + n * 5) % letters.length]).join('') +
  app.unique()

describe('a search finds', () => {
  test.each([
    ['王小明', '小明'],
    ['王小明', '王小'],
    ['小島 拓也', '拓也'],
    ['ガンダム', 'ﾝﾀﾞ'],
    ['반시호', '시호'],
    ['ปศานนท์', 'ศาน'],
    ['王小明', '王'],
    ['Zoë Brontë', 'zoe bron'],
    ['Łukasz Żółć', 'zolc'],
    ['Иван Петров', 'петр'],
    ['سالم المدقي', 'مدق'],
    ['Aoife O’Brien', "o'brien"],
    ['Grace Brewster Murray Hopper', 'murr'],
    ['Grace Hopper', 'HOPPER grace'],
    ['Wu Li', 'li'],
    ['Ｆｕｌｌ　Ｗｉｄｔｈ', 'full width'],
    ['50% off_er\\', '50% off_er\\'],
    ['😀😀', '😀'],
  ])('%s by %s', async (name, sought) => {
    const { id } = await create(name)
    expect((await search(sought)).items.map(item => item.id)).toContain(id)
  })

  test('an address or number by any part of it', async () => {
    const mark = word()
    const { id } = await create('Ann', {
      email: `${mark}.person@bücher-${mark}.example`,
      phone: `+4917${app.unique() % 10}5558899`,
    })
    const phone = (await agent.get(`/customers/${id}`)).body as Customer
    for (const sought of [
      `${mark}.per`,
      `cher-${mark}`,
      phone.phone!,
      `0${phone.phone!.slice(3)}`,
      phone.phone!.slice(5),
      `0049 ${phone.phone!.slice(3, 6)} ${phone.phone!.slice(6)}`,
    ])
      expect([sought, (await search(sought)).items.map(item => item.id)]).toEqual([
        sought,
        expect.arrayContaining([id]),
      ])
  })

  test('by all of its words, wherever they stand', async () => {
    const mark = word()
    await create(`Anna ${mark}`, { email: `shop@${mark}.example` })
    expect(await names(`${mark} shop@`)).toEqual([`Anna ${mark}`])
    expect(await names(`${mark} anna shop@`)).toEqual([`Anna ${mark}`])
    expect(await names(`${mark} berta`)).toEqual([])
  })

  test('by the present name and not by the earlier one', async () => {
    const [before, after] = [word(), word()]
    const { id, version } = await create(before)
    await agent.patch(`/customers/${id}`, { version, name: after })
    expect(await names(before)).toEqual([])
    expect(await names(after)).toEqual([after])
  })

  test('nothing by what it was not asked: % and _ are letters', async () => {
    const mark = word()
    await create(mark)
    expect(await names(`${mark.slice(0, 3)}%${mark.slice(4)}`)).toEqual([])
    expect(await names(`${mark.slice(0, 3)}_${mark.slice(4)}`)).toEqual([])
  })
})

describe('whoever may not see contact details', () => {
  test('finds by names alone', async () => {
    const mark = word()
    await create(`Named ${mark}`, { email: `mail-${mark}@用户.example`, phone: '+4915198765432' })
    expect(await names(mark, { who: trainer })).toEqual([`Named ${mark}`])
    for (const sought of [`mail-${mark}`, `${mark} mail`, '98765432', '用户', '户'])
      expect([
        sought,
        (await names(sought)).length > 0,
        (await names(sought, { who: trainer })).filter(name => name.includes(mark)),
      ]).toEqual([sought, true, []])
  })

  test('learns nothing from the order either', async () => {
    const mark = word()
    const older = await create(`A ${mark} B`, { email: `${mark}@example.com` })
    const newer = await create(`C ${mark} D`)
    const ids = (await search(mark, { who: trainer })).items.map(item => item.id)
    expect(ids).toEqual([newer.id, older.id])
  })
})

describe('the order of what is found', () => {
  test('is whole, beginning, word, anywhere, each the newest first', async () => {
    const mark = word()
    for (const name of [
      `x${mark}`,
      `New ${mark}1`,
      `${mark} Old`,
      mark,
      `${mark}er`,
      `Other ${mark}2`,
      `y${mark}`,
    ])
      await create(name)
    expect(await names(mark)).toEqual([
      mark,
      `${mark}er`,
      `${mark} Old`,
      `Other ${mark}2`,
      `New ${mark}1`,
      `y${mark}`,
      `x${mark}`,
    ])
  })

  test('holds over pages, which neither repeat nor skip', async () => {
    const mark = word()
    for (let n = 0; n < 7; n++) await create(n % 2 ? `${mark} ${n}` : `z${mark} ${n}`)
    const whole = await names(mark)
    const paged: string[] = []
    for (let cursor = ''; ; ) {
      const page = await search(mark, { limit: 3, cursor })
      paged.push(...page.items.map(item => item.name))
      if (!page.next) break
      cursor = page.next
    }
    expect(paged).toEqual(whole)
    expect(whole).toHaveLength(7)
  })

  test('without a search is the newest first, in pages', async () => {
    const made = [await create('One'), await create('Two'), await create('Three')]
    const first = (await agent.get('/customers?limit=2')).body as Found
    const second = (await agent.get(`/customers?limit=2&cursor=${first.next}`)).body as Found
    expect([...first.items, ...second.items].slice(0, 3).map(item => item.id)).toEqual(
      made.map(one => one.id).toReversed(),
    )
  })

  test.each([
    'zzz',
    'W10',
    Buffer.from('[99,1]').toString('base64url'),
  ])('does not start at the foreign cursor %s', async cursor => {
    for (const query of [`search=ann&cursor=${cursor}`, `cursor=${cursor}`])
      expect(await agent.get(`/customers?${query}`)).toMatchObject({
        status: 422,
        body: { error: { code: 'invalid_cursor' } },
      })
  })
})

describe('customers beyond the newest thousands', () => {
  test('are found by the index, whatever the fragment', async () => {
    const mark = word()
    const old = [
      await create(`Old ${mark}x`),
      await create('欧阳锋'),
      await create('Ng', { email: `q${mark}@example.com` }),
    ]
    await app.act(ctx =>
      ctx.db.execute(sql`insert into customers (id, name, name_needle, needle)
        select ('ffffffff-ffff-7fff-bfff-' || lpad(to_hex(n), 12, '0'))::uuid, 'Filler', ' filler ', ' filler ' from generate_series(1, 3500) n`),
    )
    expect((await search(mark.slice(1))).items.map(item => item.id).toSorted()).toEqual([
      old[0]!.id,
      old[2]!.id,
    ])
    expect(await names(mark.slice(1), { who: trainer })).toEqual([`Old ${mark}x`])
    expect(await names('阳锋')).toEqual(['欧阳锋'])
    expect(await names('ng')).toContain('Ng')
    expect(await names('filler', { limit: 5 })).toHaveLength(5)
    await app.act(ctx => ctx.db.execute(sql`delete from customers where name = 'Filler'`))
  })
})

test('any part of any name finds it', async () => {
  const character = fc.constantFrom(..."aeßÉ王小明ガん반Иس50 -.'’%_\\😀é\u0301")
  const name = fc.string({ unit: character, minLength: 1, maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(name, fc.nat(11), fc.integer({ min: 1, max: 12 }), async (name, from, length) => {
      const part = [...name].slice(from, from + length).join('')
      const { id } = await create(name)
      const [first = ''] = foldName(part).split(' ')
      // One or two letters of a spaced script are looked for at the beginning of words only.
      const isTooShort =
        /^[\p{L}\p{N}]{1,2}$/u.test(first) && !isDenseText(first) && from > 0 && [...name][from - 1] !== ' '
      if (first !== '' && !isTooShort) expect((await search(part)).items.map(item => item.id)).toContain(id)
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('needles made anew are those that were kept', async () => {
  const { id } = await create('王小明 Ångström', { email: 'kept@例子.example', phone: '+4915111111111' })
  const read = () =>
    app.place.pool.query(
      'select name_needle, needle, bigrams::text, anonymous from customers where id = $1',
      [id],
    )
  const before = (await read()).rows
  await app.act(ctx => refreshNeedles(ctx, [id]))
  expect((await read()).rows).toEqual(before)
})
