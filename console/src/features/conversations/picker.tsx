import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { spellLanguage } from '../../ui/spell.ts'
import { useStaff } from '../staff/api.ts'
import type { ConversationRow } from './api.ts'
import css from './picker.module.css'
import { type QuickReply, quickReplies, variablesOf } from './quick-replies/api.ts'
import { findQuickReplies, wordsIn } from './quick-replies/choosing.ts'
import { Effect } from './quick-replies/effect.tsx'

export type Picked = { text: string; mention?: { id: string; name: string }; quickReply?: QuickReply }
type Choice = { id: string; content: ReactNode; picked: Picked; isEmpty?: boolean }
export type Sign = '/' | '@' | '{{'
type Opened = { sign: Sign; search: string; from: number }

/** Opens at `/` (`@` in notes) that begins a word before the caret, or at `{{`, and follows what is typed after it. */
export function usePicker(
  field: () => HTMLTextAreaElement | undefined | null,
  { notes }: { notes: boolean },
) {
  const [opened, setOpened] = useState<Opened | null>(null)
  const [at, setAt] = useState(0)
  const [choices, setChoices] = useState<{ list: Choice[]; take: (choice: Choice) => void }>({
    list: [],
    take: () => {},
  })

  function look() {
    const element = field()
    if (!element) return
    const before = element.value.slice(0, element.selectionStart)
    const word = notes ? /(?:^|\s)(@)([^\s@]{0,24})$/ : /(?:^|\s)(\/)([^\s/]{0,24})$/
    const found = /(\{\{)([\p{L}\w. ]{0,24})$/u.exec(before) ?? word.exec(before)
    const next = found && {
      sign: found[1] as Sign,
      search: found[2]!,
      from: before.length - found[2]!.length - found[1]!.length,
    }
    if (next?.search !== opened?.search || next?.from !== opened?.from) setAt(0)
    setOpened(next)
  }

  function press(event: React.KeyboardEvent) {
    const { list, take } = choices
    if (!opened || list.length === 0) return false
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setAt((at + step + list.length) % list.length)
    else if ((event.key === 'Enter' && !event.ctrlKey && !event.metaKey) || event.key === 'Tab')
      take(list[at] ?? list[0]!)
    else if (event.key === 'Escape') setOpened(null)
    else return false
    event.preventDefault()
    return true
  }

  function open(sign: Sign, put: (text: string) => void) {
    const element = field()
    const before = element?.value.slice(0, element.selectionStart) ?? ''
    put(before === '' || /\s$/.test(before) ? sign : ` ${sign}`)
    setTimeout(look, 20)
  }

  return { opened, at, setAt, setChoices, look, press, open, close: () => setOpened(null) }
}

type Props = {
  picker: ReturnType<typeof usePicker>
  row: ConversationRow
  onPick: (picked: Picked, from: number) => void
}

export function PickerFor({ picker, row, onPick }: Props) {
  if (!picker.opened) return null
  const Choices = { '/': QuickReplyChoices, '@': MentionChoices, '{{': VariableChoices }[picker.opened.sign]
  const take = ({ picked, isEmpty }: Choice) => {
    if (isEmpty) return
    onPick(picked, picker.opened!.from)
    picker.close()
  }
  return (
    <Choices
      row={row}
      search={picker.opened.search}
      show={list => <List picker={picker} list={list} take={take} row={row} />}
    />
  )
}

type ChoicesProps = { row: ConversationRow; search: string; show: (list: Choice[]) => ReactNode }

function QuickReplyChoices({ row, search, show }: ChoicesProps) {
  const { t, i18n } = useTranslation()
  const all = useQuery(quickReplies()).data?.items ?? []
  return show(
    findQuickReplies(all, search, row).map(reply => {
      const { title, text } = wordsIn(reply, row.language)
      const others = reply.translations.length
      return {
        id: reply.id,
        picked: { text: '', quickReply: reply },
        content: (
          <>
            <span className={css.name}>
              <b>/{reply.shortcut}</b> <span className="cut">{title}</span>
              <span className={css.category}>
                {[
                  reply.category,
                  reply.language &&
                    `${spellLanguage(reply.language, i18n.language)}${others > 0 ? ` +${others}` : ''}`,
                  reply.steps.length > 0 && t('quickReply.stepCount', { count: reply.steps.length }),
                  reply.isPersonal && t('quickReply.personal'),
                ]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
            <span className={`cut ${css.text}`}>{text}</span>
          </>
        ),
      }
    }),
  )
}

const mostVariables = 12

/** What is known here is put in at once, so that the writer reads what the customer will. */
function VariableChoices({ row, search, show }: ChoicesProps) {
  const { t, i18n } = useTranslation()
  const all = useQuery(variablesOf(row.id)).data?.items ?? []
  const wanted = search.trim().toLowerCase()
  return show(
    all
      .map(({ code, zh, en, value }) => ({ code, value, name: i18n.language.startsWith('zh') ? zh : en }))
      .filter(({ code, name }) => `${code} ${name}`.toLowerCase().includes(wanted))
      .slice(0, mostVariables)
      .map(({ code, name, value }) => ({
        id: code,
        picked: { text: value ?? '' },
        isEmpty: value === null,
        content: (
          <span className={css.name}>
            {name} <span className={css.text}>{code}</span>
            <span className={css.category} dir="auto">
              {value ?? t('quickReply.nothingKnown')}
            </span>
          </span>
        ),
      })),
  )
}

function MentionChoices({ search, show }: ChoicesProps) {
  const me = useMe()
  const staff = useStaff() ?? []
  const wanted = search.toLowerCase()
  return show(
    staff
      .filter(
        ({ id, name, deactivatedAt }) =>
          !deactivatedAt && id !== me.id && name.toLowerCase().includes(wanted),
      )
      .slice(0, 8)
      .map(({ id, name, roleName, availability }) => ({
        id,
        picked: { text: `@${name} `, mention: { id, name } },
        content: (
          <span className={css.person}>
            <Avatar name={name} size={24} tone="staff" state={availability.state} />
            {name}
            <span className={css.text}>{roleName}</span>
          </span>
        ),
      })),
  )
}

type ListProps = {
  picker: Props['picker']
  list: Choice[]
  take: (choice: Choice) => void
  row: ConversationRow
}

function List({ picker, list, take, row }: ListProps) {
  const { t } = useTranslation()
  const shown = list[picker.at]?.picked.quickReply
  const known = list.map(({ id }) => id).join()
  const [registered, setRegistered] = useState('')
  // The keys act on what is shown; registering during render would loop, so only when the list changed.
  if (known !== registered) {
    setRegistered(known)
    queueMicrotask(() => picker.setChoices({ list, take }))
  }
  const sign = picker.opened?.sign ?? '/'
  return (
    <div className={css.picker}>
      <div className={css.list} role="listbox" aria-label={t(`composer.choose.${signNames[sign]}`)}>
        {list.map((choice, index) => (
          <button
            key={choice.id}
            type="button"
            role="option"
            aria-selected={index === picker.at}
            aria-disabled={choice.isEmpty}
            className={`plain ${css.choice} ${index === picker.at ? css.chosen : ''}`}
            ref={element => void (index === picker.at && element?.scrollIntoView({ block: 'nearest' }))}
            onMouseMove={() => picker.setAt(index)}
            onMouseDown={event => event.preventDefault()}
            onClick={() => take(choice)}
          >
            {choice.content}
          </button>
        ))}
        {list.length === 0 && <p className={css.none}>{t('composer.nothingFound')}</p>}
      </div>
      {shown && (
        <aside className={css.effect} aria-label={t('quickReply.effect')}>
          <Effect row={row} quickReplyId={shown.id} />
        </aside>
      )}
    </div>
  )
}

const signNames = { '/': 'quickReplies', '@': 'mention', '{{': 'variables' } as const
