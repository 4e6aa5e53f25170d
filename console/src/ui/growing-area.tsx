import { type ComponentProps, useLayoutEffect, useRef } from 'react'
import css from './growing-area.module.css'

type Props = ComponentProps<'textarea'> & { minRows?: number; maxRows?: number; bare?: boolean }

const lineHeight = 22
const padding = 10

/**
 * A field that is as high as what is written in it. The component library's own measures by a style
 * attribute, which a strict Content-Security-Policy refuses.
 */
export function GrowingArea({
  minRows = 2,
  maxRows = 12,
  bare = false,
  className = '',
  ref,
  value,
  ...props
}: Props) {
  const own = useRef<HTMLTextAreaElement>(null)
  useLayoutEffect(() => {
    const area = own.current
    if (!area) return
    area.style.height = 'auto'
    const [least, most] = [minRows * lineHeight + padding, maxRows * lineHeight + padding]
    area.style.height = `${Math.min(most, Math.max(least, area.scrollHeight + 2))}px`
  }, [value, minRows, maxRows])
  return (
    <textarea
      {...props}
      value={value ?? ''}
      className={`${css.area} ${bare ? '' : css.framed} ${className}`}
      ref={element => {
        own.current = element
        if (typeof ref === 'function') ref(element)
        else if (ref) ref.current = element
      }}
    />
  )
}
