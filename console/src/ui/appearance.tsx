import { App, ConfigProvider } from 'antd'
import enGB from 'antd/locale/en_GB'
import zhCN from 'antd/locale/zh_CN'
import {
  createContext,
  type ReactNode,
  useContext,
  useLayoutEffect,
  useState,
  useSyncExternalStore,
} from 'react'
import { useTranslation } from 'react-i18next'
import { antdTheme, paintTokens } from './theme.ts'
import type { Mode } from './tokens.ts'

export type Appearance = Mode | 'system'

const kept = 'afar.appearance'
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content
const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

const AppearanceContext = createContext<[Appearance, (next: Appearance) => void]>(['system', () => {}])
export const useAppearance = () => useContext(AppearanceContext)

export function Appearance({ children }: { children: ReactNode }) {
  const { i18n } = useTranslation()
  const [appearance, setAppearance] = useState(
    () => (localStorage.getItem(kept) as Appearance | null) ?? 'system',
  )
  const isSystemDark = useSyncExternalStore(watchSystem, () => systemDark.matches)
  const mode: Mode = appearance === 'system' ? (isSystemDark ? 'dark' : 'light') : appearance

  useLayoutEffect(() => paintTokens(mode), [mode])

  function choose(next: Appearance) {
    localStorage.setItem(kept, next)
    setAppearance(next)
  }

  return (
    <AppearanceContext value={[appearance, choose]}>
      <ConfigProvider
        theme={antdTheme(mode)}
        locale={i18n.language === 'zh' ? zhCN : enGB}
        getPopupContainer={overlays}
        csp={nonce ? { nonce } : undefined}
        button={{ autoInsertSpace: false }}
        wave={{ disabled: true }}
      >
        <App className="app" notification={{ top: 60, stack: { threshold: 2 } }}>
          {children}
        </App>
      </ConfigProvider>
    </AppearanceContext>
  )
}

/**
 * Dialogs and lists open here and not in the body: into the body the component library would put a style
 * element without the nonce, to lock a scrolling that this page does not have.
 */
const overlays = () => document.getElementById('overlays') ?? document.body

function watchSystem(watch: () => void) {
  systemDark.addEventListener('change', watch)
  return () => systemDark.removeEventListener('change', watch)
}
