import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { settingsRoute } from '../../shell/routes.tsx'

const translation = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'translation',
  component: lazyRouteComponent(() => import('./translation-page.tsx'), 'TranslationPage'),
})

const glossary = createRoute({
  getParentRoute: () => settingsRoute,
  path: 'glossary',
  component: lazyRouteComponent(() => import('./glossary-page.tsx'), 'GlossaryPage'),
})

export const translationRoutes = [translation, glossary]
