import { Input, type InputProps } from 'antd'
import { useReaderZone } from './reader-zone.ts'
import { fieldIn, momentOf } from './zone-time.ts'

type Props = Omit<InputProps, 'value' | 'onChange' | 'min' | 'type'> & {
  /** As ISO 8601 in UTC; empty where nothing is chosen. */
  value: string
  onChange: (moment: string) => void
}

/** A moment chosen on the reader's clock. */
export function MomentField({ value, onChange, ...props }: Props) {
  const zone = useReaderZone()
  return (
    <Input
      {...props}
      type="datetime-local"
      value={value ? fieldIn(zone, new Date(value)) : ''}
      onChange={({ target }) => onChange(target.value ? momentOf(zone, target.value).toISOString() : '')}
    />
  )
}
