import { useState } from 'preact/hooks'
import type { Contact } from '../api/shapes.ts'
import { type Field, needsEmail, wrongIn } from './leaving.ts'
import { openingText } from './notices.tsx'
import { useRoom, useSpeech, useValue } from './room.ts'

/** For when nobody is there: the message becomes a conversation like any other, answered later. */
export function LeaveMessage() {
  const { chat, draft } = useRoom()
  const speech = useSpeech()
  const config = useValue(chat.config)
  const text = useValue(draft)
  const known = chat.memory.get<Contact>('contact') ?? {}
  const [name, setName] = useState(known.name ?? '')
  const [email, setEmail] = useState(known.email ?? '')
  const [wrong, setWrong] = useState<Field[]>([])
  const isNamed = useValue(chat.isNamed)
  const isEmailNeeded = !isNamed && needsEmail(config)
  const errors = {
    name: speech.say('nameMissing'),
    email: speech.say('emailWrong'),
    text: speech.say('messageMissing'),
  }

  function send(event: Event) {
    event.preventDefault()
    const found = wrongIn({ name, email, text }, { isNamed, isEmailNeeded })
    setWrong(found)
    if (found[0]) return document.getElementById(`leave-${found[0]}`)?.focus()
    const contact = { name: name.trim(), ...(email.trim() ? { email: email.trim() } : {}) }
    if (!isNamed) chat.memory.set('contact', { ...known, ...contact })
    chat.send(text.trim(), [], isNamed ? undefined : contact)
    draft.value = ''
  }

  const described = (field: Field) => ({
    id: `leave-${field}`,
    'aria-invalid': wrong.includes(field),
    'aria-describedby': wrong.includes(field) ? `wrong-${field}` : undefined,
  })
  const problem = (field: Field) =>
    wrong.includes(field) && (
      <small class="wrong" id={`wrong-${field}`}>
        {errors[field]}
      </small>
    )

  return (
    <form class="scroll leave" onSubmit={send} noValidate>
      <h2>{speech.say('leaveTitle')}</h2>
      {config?.open === false && config.opensAt && <p>{openingText(speech, config.opensAt)}</p>}
      <p class="quiet">
        {speech.own('leaveText') ?? speech.say(isEmailNeeded ? 'leaveNeedsEmail' : 'leaveText')}
      </p>
      {!isNamed && (
        <>
          <label>
            <span>{speech.say('name')}</span>
            <input
              {...described('name')}
              autocomplete="name"
              dir="auto"
              value={name}
              required
              maxLength={100}
              onInput={event => setName(event.currentTarget.value)}
            />
          </label>
          {problem('name')}
          <label>
            <span>
              {speech.say('email')}{' '}
              <small class="quiet">({speech.say(isEmailNeeded ? 'needed' : 'optional')})</small>
            </span>
            <input
              {...described('email')}
              type="email"
              dir="ltr"
              autocomplete="email"
              value={email}
              required={isEmailNeeded}
              maxLength={254}
              onInput={event => setEmail(event.currentTarget.value)}
            />
          </label>
          {problem('email')}
        </>
      )}
      <label>
        <span>{speech.say('message')}</span>
        <textarea
          {...described('text')}
          rows={4}
          maxLength={10_000}
          dir="auto"
          required
          value={text}
          onInput={event => {
            draft.value = event.currentTarget.value
          }}
        />
      </label>
      {problem('text')}
      <button type="submit" class="main">
        {speech.say('leave')}
      </button>
    </form>
  )
}
