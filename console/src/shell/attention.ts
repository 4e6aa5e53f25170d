/** Reaching an agent who is looking elsewhere: a sound, the title of the tab, the desktop. */

const kept = 'afar.sound'
let audio: AudioContext | undefined

export const soundIsOn = () => localStorage.getItem(kept) !== 'off'
export const setSound = (on: boolean) => localStorage.setItem(kept, on ? 'on' : 'off')

/** Two soft notes; `urgent` climbs. Browsers allow it only after the first click or key on the page. */
export function chime(kind: 'new' | 'urgent' = 'new') {
  if (!soundIsOn()) return
  audio ??= new AudioContext()
  const notes = kind === 'urgent' ? [660, 880, 1100] : [587, 784]
  notes.forEach((pitch, index) => {
    const start = audio!.currentTime + index * 0.13
    const tone = audio!.createOscillator()
    const volume = audio!.createGain()
    tone.type = 'sine'
    tone.frequency.value = pitch
    volume.gain.setValueAtTime(0, start)
    volume.gain.linearRampToValueAtTime(0.12, start + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.35)
    tone.connect(volume).connect(audio!.destination)
    tone.start(start)
    tone.stop(start + 0.4)
  })
}

export const canAskForDesktop = () => 'Notification' in window && Notification.permission === 'default'
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
