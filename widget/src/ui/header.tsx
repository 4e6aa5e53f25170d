import { languageOf, languages } from '../locales/locales.ts'
import { Icon } from './icons.tsx'
import { useRoom, useSpeech, useValue } from './room.ts'

export function Header() {
  const { chat, leave, switchLocale } = useRoom()
  const speech = useSpeech()
  const config = useValue(chat.config)
  const conversation = useValue(chat.conversation)
  const agent = conversation?.status === 'open' ? conversation.agent : null
  const isReachable = useValue(chat.isReachable)
  const isOnline = Boolean(config?.open && config.agentsOnline && isReachable)
  const state = isOnline
    ? speech.say('onlineNow')
    : speech.say(config?.open === false ? 'closedNow' : 'nobodyOnline')

  return (
    <header class="header">
      <span class="mark" aria-hidden="true">
        {agent?.avatarUrl ? (
          <img src={agent.avatarUrl} alt="" />
        ) : (
          initialOf(agent?.name ?? config?.store.name ?? '')
        )}
      </span>
      <div class="names">
        <h1 tabIndex={-1}>
          <bdi>{config?.store.name}</bdi>
        </h1>
        <p class={isOnline ? 'state online' : 'state'} aria-live="polite">
          {agent && <bdi class="agent">{agent.name}</bdi>}
          <span>{config && isReachable && (isOnline || !agent) && state}</span>
        </p>
      </div>
      <label class="tool language" title={speech.say('language')}>
        <Icon name="globe" />
        <span class="unseen">{speech.say('language')}</span>
        <select
          value={languageOf(speech.locale) ?? 'en'}
          onChange={event => switchLocale(event.currentTarget.value)}
        >
          {Object.entries(languages).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {leave && (
        <button
          type="button"
          class="tool"
          onClick={leave}
          aria-label={speech.say('closeChat')}
          title={speech.say('closeChat')}
        >
          <Icon name="close" />
        </button>
      )}
    </header>
  )
}

/** By code point: a name may begin with a character outside the basic plane. */
const initialOf = (name: string) => [...name.trim()][0]?.toUpperCase() ?? ''
