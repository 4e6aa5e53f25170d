import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { makeQueries } from './app/queries.ts'
import { makeRouter } from './app/router.tsx'
import { startI18n } from './i18n/index.ts'
import { Appearance } from './ui/appearance.tsx'
import './ui/base.css'

// After an upgrade of the server the parts this page would load next are gone: begin anew with its own.
window.addEventListener('vite:preloadError', event => {
  const last = Number(sessionStorage.getItem('afar.reloadedAt'))
  if (Date.now() - last < 60_000) return
  sessionStorage.setItem('afar.reloadedAt', String(Date.now()))
  event.preventDefault()
  window.location.reload()
})

const queries = makeQueries(() => {
  // Being told so on the way in is the router's own business; it leads to the sign-in.
  if (!queries.getQueryData(['session'])) return
  queries.clear()
  router.invalidate()
})
const router = makeRouter(queries)

await startI18n()

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Appearance>
        <RouterProvider router={router} />
      </Appearance>
    </QueryClientProvider>
  </StrictMode>,
)
