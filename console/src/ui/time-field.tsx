import { Input } from 'antd'
import { useState } from 'react'
import css from './time-field.module.css'

type Props = { value: string; onChange: (time: string) => void; label: string; isEnd?: boolean }

/** A time of day typed as `9`, `930` or `9:30`. The end of a day is 24:00, which browsers' own fields do not know. */
export function TimeField({ value, onChange, label, isEnd = false }: Props) {
  const [typed, setTyped] = useState<string | null>(null)
  function leave() {
    const time = typed === null ? null : readTime(typed, isEnd)
    if (time) onChange(time)
    setTyped(null)
  }
  return (
    <Input
      className={css.field}
      value={typed ?? value}
      inputMode="numeric"
      maxLength={5}
      aria-label={label}
      onFocus={event => event.target.select()}
      onChange={event => setTyped(event.target.value)}
      onBlur={leave}
      onPressEnter={event => {
        event.preventDefault()
        leave()
      }}
    />
  )
}

export function readTime(typed: string, isEnd = false): string | null {
  const match = /^(\d{1,2})[:：.]?(\d{2})?$/.exec(typed.trim())
  if (!match) return null
  const [hour, minute] = [Number(match[1]), Number(match[2] ?? 0)]
  const isLast = hour === 24 && minute === 0
  if (minute > 59 || hour > 24 || (hour === 24 && !(isEnd && isLast))) return null
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`
}
