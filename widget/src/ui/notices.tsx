import { useEffect, useState } from 'preact/hooks'
import { daysBetween, type Speech } from '../locales/locales.ts'
import { useRoom, useSpeech, useValue } from './room.ts'

const patienceMs = 1_500

/** A short stutter of the line is nobody's business; a longer one is said, and so is its end. */
export function LineNotice() {
  const { chat } = useRoom()
  const speech = useSpeech()
  const isReachable = useValue(chat.isReachable)
  const [isSaid, setSaid] = useState(false)
  useEffect(() => {
    if (isReachable) return setSaid(false)
    const wait = setTimeout(() => setSaid(true), patienceMs)
    return () => clearTimeout(wait)
  }, [isReachable])
  return (
    <p class={isSaid ? 'notice line-notice' : 'line-notice'} aria-live="polite">
      {isSaid && speech.say('reconnecting')}
    </p>
  )
}

export function QueueNotice() {
  const { chat } = useRoom()
  const speech = useSpeech()
  const config = useValue(chat.config)
  const conversation = useValue(chat.conversation)
  if (conversation?.status !== 'waiting') return null
  const { queue, mode } = conversation
  const opens = config?.open === false && config.opensAt
  const isLeft = mode === 'message' || config?.open === false || config?.agentsOnline === false
  return (
    <div class="notice" aria-live="polite">
      {isLeft ? (
        <>
          <p>{speech.say('left')}</p>
          {opens && <p class="quiet">{openingText(speech, opens)}</p>}
        </>
      ) : queue ? (
        <>
          <p class="place">
            {queue.place <= 1 ? speech.say('nextInQueue') : speech.say('placeInQueue', { n: queue.place })}
          </p>
          <p class="quiet">{estimateText(speech, queue.estimateSeconds)}</p>
          {speech.own('waiting') && <p class="quiet">{speech.own('waiting')}</p>}
        </>
      ) : (
        <p>{speech.say('waiting')}</p>
      )}
    </div>
  )
}

export function estimateText(speech: Speech, seconds: number | null): string {
  if (seconds === null) return speech.say('noEstimate')
  return seconds < 60 ? speech.say('underAMinute') : speech.count('aboutMinutes', Math.ceil(seconds / 60))
}

/** When the shop opens, by the visitor's own clock and calendar. */
export function openingText(speech: Speech, opensAt: string, now = new Date()): string {
  const at = new Date(opensAt)
  const days = daysBetween(now, at)
  if (days <= 0) return speech.say('opensToday', { time: speech.time(at) })
  if (days === 1) return speech.say('opensTomorrow', { time: speech.time(at) })
  return speech.say('opensOn', { when: speech.opening(at) })
}
