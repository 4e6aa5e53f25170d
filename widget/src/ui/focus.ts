const reachable = 'a[href],button:not([disabled]),textarea,input:not([type=file]),select,[tabindex="0"]'

/** Tab goes round inside the chat; Escape is the way out. */
export function keepFocus(event: KeyboardEvent, root: HTMLElement) {
  if (event.key !== 'Tab') return
  const all = [...root.querySelectorAll<HTMLElement>(reachable)].filter(
    element => element.tabIndex >= 0 && element.getClientRects().length > 0,
  )
  const [first, last] = [all[0], all.at(-1)]
  const from = document.activeElement
  if (event.shiftKey ? from !== first && from !== root : from !== last) return
  event.preventDefault()
  ;(event.shiftKey ? last : first)?.focus()
}

/** On a phone the keyboard would cover what the visitor came to read. */
export function takeFocus() {
  const wanted = matchMedia('(pointer: fine)').matches
    ? document.querySelector<HTMLElement>('textarea, .again')
    : null
  ;(wanted ?? document.querySelector<HTMLElement>('h1'))?.focus()
}
