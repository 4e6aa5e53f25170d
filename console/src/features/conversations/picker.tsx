import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMe } from '../../api/session.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { useStaff } from '../staff/api.ts'
import { type ConversationRow, quickReplies } from './api.ts'
import css from './picker.module.css'
import { fillIn, findQuickReplies } from './quick-reply-text.ts'

export type Picked = { text: string; mention?: { id: string; name: string } }
type Choice = { id: string; content: ReactNode; picked: Picked }
type Sign = '/' | '@'
type Opened = { sign: Sign; search: string; from: number }

/** Opens at `/` (or `@` in notes) that begins a word before the caret, and follows what is typed after it. */
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
    const found = (notes ? /(?:^|\s)(@)([^\s@]{0,24})$/ : /(?:^|\s)(\/)([^\s/]{0,24})$/).exec(before)
    const next = found && {
      sign: found[1] as Sign,
      search: found[2]!,
      from: before.length - found[2]!.length - 1,
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
  const Choices = picker.opened.sign === '/' ? QuickReplyChoices : MentionChoices
  const take = ({ picked }: Choice) => {
    onPick(picked, picker.opened!.from)
    picker.close()
  }
  return (
    <Choices
      row={row}
      search={picker.opened.search}
      show={list => <List picker={picker} list={list} take={take} />}
    />
  )
}

type ChoicesProps = { row: ConversationRow; search: string; show: (list: Choice[]) => ReactNode }

function QuickReplyChoices({ row, search, show }: ChoicesProps) {
  const { t } = useTranslation()
  const me = useMe()
  const all = useQuery(quickReplies()).data?.items ?? []
  const values = {
    customer: row.customer.name,
    agent: me.name,
    store: row.store.name,
    number: String(row.number),
  }
  return show(
    findQuickReplies(all, search, row).map(reply => ({
      id: reply.id,
      picked: { text: fillIn(reply.text, values) },
      content: (
        <>
          <span className={css.name}>
            <b>/{reply.shortcut}</b> {reply.title}
            {reply.isPersonal && <span className={css.category}>{t('quickReply.personal')}</span>}
          </span>
          <span className={`cut ${css.text}`}>{fillIn(reply.text, values)}</span>
        </>
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

function List({
  picker,
  list,
  take,
}: {
  picker: Props['picker']
  list: Choice[]
  take: (choice: Choice) => void
}) {
  const { t } = useTranslation()
  const known = list.map(({ id }) => id).join()
  const [registered, setRegistered] = useState('')
  // The keys act on what is shown; registering during render would loop, so only when the list changed.
  if (known !== registered) {
    setRegistered(known)
    queueMicrotask(() => picker.setChoices({ list, take }))
  }
  return (
    <div
      className={css.picker}
      role="listbox"
      aria-label={t(picker.opened?.sign === '@' ? 'composer.mention' : 'composer.quickReplies')}
    >
      {list.map((choice, index) => (
        <button
          key={choice.id}
          type="button"
          role="option"
          aria-selected={index === picker.at}
          className={`plain ${css.choice} ${index === picker.at ? css.chosen : ''}`}
          onMouseMove={() => picker.setAt(index)}
          onMouseDown={event => event.preventDefault()}
          onClick={() => take(choice)}
        >
          {choice.content}
        </button>
      ))}
      {list.length === 0 && <p className={css.none}>{t('composer.nothingFound')}</p>}
    </div>
  )
}
