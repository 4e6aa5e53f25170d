import { useLayoutEffect, useRef } from 'preact/hooks'
import { useSpeech } from './room.ts'

const emoji =
  '😀 😄 😁 😂 🙂 😊 😉 😍 😘 😎 🤔 😐 😕 😟 😢 😭 😡 😅 😴 🤝 👍 👎 👌 👏 🙏 💪 👋 ✌️ ❤️ 💔 🎉 🎁 🌹 🌞 ⭐ ✨ 🔥 ✅ ❌ ❓ ❗ ⏰ 📦 🚚 ✈️ 🏠 📍 📷 📄 💳 💰 🧾 🛒 👗 👟 👜 📱 💻 🔧 📞 ✉️ ☕ 🍀 🎂'.split(
    ' ',
  )

type Props = { pick: (emoji: string) => void; leave: () => void }

/** One stop for Tab; the arrows walk about inside. */
export function EmojiPicker({ pick, leave }: Props) {
  const speech = useSpeech()
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => box.current?.querySelector('button')?.focus(), [])

  function walk(event: KeyboardEvent) {
    if (event.key === 'Escape') {
      event.stopPropagation()
      return leave()
    }
    const buttons = [...box.current!.children] as HTMLElement[]
    const at = buttons.indexOf(document.activeElement as HTMLElement)
    const columns = buttons.filter(button => button.offsetTop === buttons[0]!.offsetTop).length
    const forward = speech.dir === 'rtl' ? -1 : 1
    const steps: Record<string, number> = {
      ArrowRight: forward,
      ArrowLeft: -forward,
      ArrowDown: columns,
      ArrowUp: -columns,
      Home: -at,
      End: buttons.length - 1 - at,
    }
    const next = buttons[at + (steps[event.key] ?? Number.NaN)]
    if (!next) return
    event.preventDefault()
    for (const button of buttons) button.tabIndex = button === next ? 0 : -1
    next.focus()
  }

  return (
    <div class="emoji" id="emoji" role="toolbar" aria-label={speech.say('emoji')} ref={box} onKeyDown={walk}>
      {emoji.map((sign, i) => (
        <button type="button" key={sign} tabIndex={i === 0 ? 0 : -1} onClick={() => pick(sign)}>
          {sign}
        </button>
      ))}
    </div>
  )
}
