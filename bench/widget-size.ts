import { limit, measure } from '../widget/dev/sizes.ts'
import { absolute, type Figure } from './figure.ts'

/** What a visitor loads before his first message; the widget's own tests hold the same limit. */
export async function widgetSize(): Promise<Figure[]> {
  const { first } = measure()
  return [absolute('widget before the first message, gzip', first / 1_000, 'kB', { atMost: limit / 1_000 })]
}
