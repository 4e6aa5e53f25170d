import { Checkbox } from 'antd'
import { useTranslation } from 'react-i18next'
import css from './flows.module.css'
import { ParamsForm } from './params-form.tsx'

type Params = Record<string, unknown>
type Props = { code: string; params: Params; onChange: (params: Params) => void }

const shapes = {
  schedule: { properties: { at: { type: 'string' }, zone: { type: 'string' } } },
  elapsed: {
    properties: { field: { type: 'string' }, hours: { type: 'integer', minimum: 1, maximum: 2_160 } },
  },
}

/** What the clock starts by; these two are no module's, so the console knows them itself. */
export function TriggerParams({ code, params, onChange }: Props) {
  const { i18n } = useTranslation()
  if (code !== 'schedule' && code !== 'elapsed') return null
  const days = (params.days as number[] | undefined) ?? []
  const weekday = new Intl.DateTimeFormat(i18n.language, { weekday: 'short', timeZone: 'UTC' })
  // The first of January 2024 was a Monday.
  const options = [1, 2, 3, 4, 5, 6, 7].map(value => ({
    value,
    label: weekday.format(new Date(Date.UTC(2024, 0, value))),
  }))
  return (
    <>
      <ParamsForm
        shape={shapes[code]}
        params={params}
        onChange={next => onChange(code === 'schedule' ? { zone: null, ...next } : next)}
      />
      {code === 'schedule' && (
        <Checkbox.Group
          className={css.add}
          options={options}
          value={days}
          onChange={chosen => onChange({ ...params, days: chosen.toSorted() })}
        />
      )}
    </>
  )
}
