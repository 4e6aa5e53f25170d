import { useEffect, useRef } from 'react'

export type Action = {
  id: string
  label: string
  section: 'go' | 'conversation' | 'you' | 'look'
  run: () => void
  keys?: string
  /** Also found by these words, beside the label. */
  words?: string
}

const holders = new Set<{ actions: Action[] }>()

/** Offers what can be done on this screen, while it is shown, to the keys, the command bar and the help. */
export function useActions(actions: Action[]) {
  const holder = useRef({ actions })
  holder.current.actions = actions
  useEffect(() => {
    const own = holder.current
    holders.add(own)
    return () => void holders.delete(own)
  }, [])
}

export const listActions = () => [...holders].flatMap(holder => holder.actions)

/** Runs the action whose keys were pressed. Alt+letter is read by the key's place: on a Mac it types a sign. */
export function useActionKeys() {
  useEffect(() => {
    function press(event: KeyboardEvent) {
      if (isDialogOpen()) return
      const action = listActions().findLast(({ keys }) => keys && isPressed(keys, event))
      if (!action) return
      event.preventDefault()
      action.run()
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [])
}

/** What lies behind a dialog is not to be changed by a key meant for the dialog. */
const isDialogOpen = () =>
  [...document.querySelectorAll('[aria-modal="true"]')].some(dialog => dialog.checkVisibility())

export function isPressed(keys: string, event: KeyboardEvent) {
  const parts = keys.split('+')
  const key = parts.at(-1)!
  if (key === '?') return event.key === '?' && !isTyping(event)
  const mod = parts.includes('mod')
  if (mod !== (event.ctrlKey || event.metaKey)) return false
  if (parts.includes('alt') !== event.altKey || parts.includes('shift') !== event.shiftKey) return false
  return key.length === 1 && /[a-z]/.test(key)
    ? event.code === `Key${key.toUpperCase()}`
    : event.key.toLowerCase() === key
}

const isTyping = ({ target }: KeyboardEvent) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
