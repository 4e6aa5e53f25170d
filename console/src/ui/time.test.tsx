// @vitest-environment happy-dom
import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import { ReaderZone } from './reader-zone.ts'
import { Clocks, Moment, Time, ZonesOf } from './time.tsx'

const at = '2026-11-22T20:30:00Z'

test.each([
  ['Asia/Shanghai', 'Mon, 23 Nov 2026, 04:30'],
  ['America/New_York', 'Sun, 22 Nov 2026, 15:30'],
])('every time on the screen is that of the reader’s clock, whatever the browser’s is: %s', (zone, spelled) => {
  render(
    <ReaderZone value={zone}>
      <Time at={at} as="moment" />
      <Moment at={at} />
    </ReaderZone>,
  )
  expect(screen.getAllByText(spelled)).toHaveLength(2)
})

test('hovering shows it on the customer’s clock too', () => {
  render(
    <ReaderZone value="Asia/Shanghai">
      <ZonesOf customer="Europe/Berlin">
        <Clocks at={new Date(at)} />
      </ZonesOf>
    </ReaderZone>,
  )
  const clocks = screen.getAllByRole('definition').map(({ textContent }) => textContent)
  expect(clocks).toEqual(['Sun, 22 Nov 2026, 21:30 GMT+1', 'Mon, 23 Nov 2026, 04:30 GMT+8'])
})
