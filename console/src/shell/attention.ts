/** Reaching an agent who is looking elsewhere: a sound, the title of the tab, the desktop. */

export type Sound = 'assigned' | 'customer_wrote' | 'mention' | 'whisper' | 'escalation' | 'queued'

const kept = 'afar.sound'
const rung = 'afar.rung'
const restMs = 3_000
let audio: AudioContext | undefined

/** Of this machine; what one is told of, and how loud, one says for all of them. */
export const soundIsOn = () => localStorage.getItem(kept) !== 'off'
export const setSound = (on: boolean) => localStorage.setItem(kept, on ? 'on' : 'off')

/** One sound for whatever comes within three seconds, and in one tab of all; only an escalation is not kept waiting. */
export async function ring(sound: Sound, volume: number) {
  if (!soundIsOn() || volume === 0) return
  if (await mayRing(sound)) play(sound, volume)
}

/** Whoever writes down that it rang is the one that rings; tabs ask one after the other where the browser lets them. */
async function mayRing(sound: Sound) {
  const claim = () => {
    const [at = '0', last = ''] = (localStorage.getItem(rung) ?? '').split(' ')
    const rests = Math.abs(Date.now() - Number(at)) < restMs
    if (rests && (sound !== 'escalation' || last === 'escalation')) return false
    localStorage.setItem(rung, `${Date.now()} ${sound}`)
    return true
  }
  return navigator.locks ? navigator.locks.request('afar.ring', claim) : claim()
}

/** Pitches in hertz, so that one hears without looking which it is; what is pressing climbs. */
const notes: Record<Sound, { pitches: number[]; wave: OscillatorType; step: number }> = {
  assigned: { pitches: [587, 784], wave: 'sine', step: 0.13 },
  customer_wrote: { pitches: [784], wave: 'sine', step: 0.13 },
  mention: { pitches: [880, 880], wave: 'triangle', step: 0.16 },
  whisper: { pitches: [440, 392], wave: 'triangle', step: 0.16 },
  escalation: { pitches: [660, 880, 1100, 880, 1100], wave: 'square', step: 0.14 },
  queued: { pitches: [523, 659, 784], wave: 'sine', step: 0.1 },
}

/** `volume` of 100. Browsers allow it only after the first click or key on the page. */
export function play(sound: Sound, volume: number) {
  audio ??= new AudioContext()
  const { pitches, wave, step } = notes[sound]
  const loud = (volume / 100) * (wave === 'square' ? 0.1 : 0.25)
  for (const [index, pitch] of pitches.entries()) {
    const start = audio.currentTime + index * step
    const tone = audio.createOscillator()
    const gain = audio.createGain()
    tone.type = wave
    tone.frequency.value = pitch
    gain.gain.setValueAtTime(0, start)
    gain.gain.linearRampToValueAtTime(loud, start + 0.02)
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.35)
    tone.connect(gain).connect(audio.destination)
    tone.start(start)
    tone.stop(start + 0.4)
  }
}

export const canAskForDesktop = () => 'Notification' in window && Notification.permission === 'default'
export const desktopIsRefused = () => !('Notification' in window) || Notification.permission === 'denied'
export const askForDesktop = async () =>
  void ('Notification' in window && (await Notification.requestPermission()))

export function notifyDesktop(title: string, body: string, onClick: () => void) {
  if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return
  const notice = new Notification(title, { body, tag: title })
  notice.onclick = () => {
    window.focus()
    notice.close()
    onClick()
  }
}

const plainTitle = document.title

export function countInTitle(count: number) {
  document.title = count > 0 ? `(${count}) ${plainTitle}` : plainTitle
}
