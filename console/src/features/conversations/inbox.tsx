import { Outlet } from '@tanstack/react-router'
import { ConversationList } from './conversation-list.tsx'
import css from './inbox.module.css'
import { Rail } from './rail.tsx'

export function Inbox() {
  return (
    <main className={css.inbox}>
      <Rail />
      <ConversationList />
      <Outlet />
    </main>
  )
}
