import { FilterOutlined, PlusOutlined, WarningFilled } from '@ant-design/icons'
import { useQuery } from '@tanstack/react-query'
import { Tooltip } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import css from '../rail.module.css'
import { RailView } from '../rail-view.tsx'
import { type SavedView, savedViews, viewCounts } from './api.ts'
import { sections } from './order.ts'
import { useProblems } from './problems.ts'
import { useStart } from './start.ts'
import type { Draft } from './view-editor.tsx'
import { ViewMenu } from './view-menu.tsx'

const ViewEditor = lazy(() => import('./view-editor.tsx').then(module => ({ default: module.ViewEditor })))

/** The views people saved: one's own, those of one's teams, those of everybody. */
export function SavedViews() {
  const { t } = useTranslation()
  const views = useQuery(savedViews()).data ?? []
  const start = useStart()
  const [draft, setDraft] = useState<Draft>()
  return (
    <>
      {sections.map(scope => {
        const section = views.filter(view => view.scope === scope)
        if (scope !== 'personal' && section.length === 0) return null
        return (
          <section key={scope}>
            <header className={css.sectionHead}>
              <h3>{t(`views.section.${scope}`)}</h3>
              {scope === 'personal' && (
                <Tooltip title={t('views.new')} placement="right">
                  <button
                    type="button"
                    className={`plain ${css.add}`}
                    aria-label={t('views.new')}
                    onClick={() => setDraft(start())}
                  >
                    <PlusOutlined />
                  </button>
                </Tooltip>
              )}
            </header>
            <ul>
              {section.map(view => (
                <Entry key={view.id} view={view} section={section} onEdit={setDraft} />
              ))}
            </ul>
          </section>
        )
      })}
      {draft && (
        <Suspense>
          <ViewEditor draft={draft} onClose={() => setDraft(undefined)} />
        </Suspense>
      )}
    </>
  )
}

type EntryProps = { view: SavedView; section: SavedView[]; onEdit: (draft: Draft) => void }

function Entry({ view, section, onEdit }: EntryProps) {
  const counted = useQuery(viewCounts()).data?.find(({ id }) => id === view.id)
  return (
    <RailView
      filter={{ savedViewId: view.id, sort: view.sort === 'clock' ? undefined : view.sort }}
      label={view.name}
      icon={<FilterOutlined />}
      count={counted?.count}
      isMore={counted?.isMore}
      mark={view.problems.length > 0 && <Broken view={view} />}
      menu={<ViewMenu view={view} section={section} onEdit={onEdit} />}
    />
  )
}

function Broken({ view }: { view: SavedView }) {
  const { t } = useTranslation()
  const told = useProblems(view.problems)
  return (
    <Tooltip
      placement="right"
      title={
        <>
          {t('views.broken')}
          {told.map(line => (
            <div key={line}>{line}</div>
          ))}
        </>
      }
    >
      <WarningFilled className={css.broken} aria-label={t('views.broken')} />
    </Tooltip>
  )
}
