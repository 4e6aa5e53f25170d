import { Outlet } from '@tanstack/react-router'
import { ConversationList } from './conversation-list.tsx'
import { useSayDrafts } from './draft-signs.ts'
import css from './inbox.module.css'
import { Rail } from './rail.tsx'

export function Inbox() {
  useSayDrafts()
  return (
    <main className={css.inbox}>
      <Rail />
      <ConversationList />
      <Outlet />
    </main>
  )
}
