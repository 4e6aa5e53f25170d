import { Input, Modal } from 'antd'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { KeyHint } from '../ui/key-hint.tsx'
import { type Action, listActions } from './actions.ts'
import css from './command-bar.module.css'

const order: Action['section'][] = ['conversation', 'go', 'you', 'look']

/** Every action of this screen and of the whole console, found by typing, with its key beside it. */
export function CommandBar({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [actions] = useState(() =>
    listActions().sort((a, b) => order.indexOf(a.section) - order.indexOf(b.section)),
  )
  const [search, setSearch] = useState('')
  const [at, setAt] = useState(0)
  const hits = actions.filter(action => matches(action, search))
  const chosen = Math.min(at, hits.length - 1)

  function run(action: Action | undefined) {
    if (!action) return
    onClose()
    // After the dialog has given the focus back, so that the action may move it.
    setTimeout(action.run)
  }

  function press(event: React.KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Enter') run(hits[chosen])
    else if (event.key === 'Escape') onClose()
    else if (step) setAt((chosen + step + hits.length) % Math.max(1, hits.length))
    else return
    event.preventDefault()
  }

  return (
    <Modal
      open
      onCancel={onClose}
      footer={null}
      closable={false}
      width={560}
      className={css.bar}
      transitionName=""
      maskTransitionName=""
    >
      <Input
        autoFocus
        variant="borderless"
        size="large"
        value={search}
        placeholder={t('command.placeholder')}
        aria-label={t('command.title')}
        role="combobox"
        aria-expanded
        aria-controls="commands"
        aria-activedescendant={hits[chosen] && `command-${hits[chosen].id}`}
        onChange={event => {
          setSearch(event.target.value)
          setAt(0)
        }}
        onKeyDown={press}
      />
      <ul id="commands" className={css.list} role="listbox" aria-label={t('command.title')}>
        {hits.map((action, index) => (
          <li key={action.id}>
            {action.section !== hits[index - 1]?.section && (
              <p className={css.section}>{t(`command.section.${action.section}`)}</p>
            )}
            <button
              type="button"
              id={`command-${action.id}`}
              role="option"
              aria-selected={index === chosen}
              className={`plain ${css.action} ${index === chosen ? css.chosen : ''}`}
              ref={element => void (index === chosen && element?.scrollIntoView({ block: 'nearest' }))}
              onMouseMove={() => setAt(index)}
              onClick={() => run(action)}
            >
              <span className="cut">{action.label}</span>
              {action.keys && <KeyHint keys={action.keys} />}
            </button>
          </li>
        ))}
        {hits.length === 0 && <li className={css.none}>{t('command.none')}</li>}
      </ul>
    </Modal>
  )
}

/** Every word typed must start a word of the label, or stand anywhere in a label written without spaces. */
export function matches({ label, words = '' }: Pick<Action, 'label' | 'words'>, search: string) {
  const text = ` ${label} ${words}`.toLowerCase()
  const isSpaced = !/\p{Script=Han}/u.test(search)
  return search
    .toLowerCase()
    .split(/\s+/)
    .every(word => text.includes(isSpaced && word ? ` ${word}` : word))
}
