import { expect, test } from 'vitest'
import { isSameSubject } from './subject.ts'

test.each([
  ['Re: Where is it?', 'Where is it?', true],
  ['AW: Re: RE[2]: Where  is it?', 'Where is it?', true],
  ['回复：订单 20881', '订单 20881', true],
  ['Fwd: 返信: 返品について', '返品について', true],
  ['Re: Where is it? Urgent', 'Where is it?', false],
  ['Regarding: my order', 'my order', false],
  ['', null, true],
])('%j beside %j', (one, other, isSame) => {
  expect(isSameSubject(one, other)).toBe(isSame)
})
