import { type MappingAlgorithm, type ThemeConfig, theme } from 'antd'
import { fonts, type Mode, type Palette, palettes, radius, type as scale } from './tokens.ts'

export function antdTheme(mode: Mode): ThemeConfig {
  const c = palettes[mode]
  return {
    algorithm: [mode === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm, keepHues(c)],
    cssVar: { key: 'afar' },
    hashed: false,
    token: {
      colorPrimary: c.harbour,
      colorInfo: c.harbour,
      colorLink: c.harbourInk,
      colorLinkHover: c.harbour,
      colorSuccess: c.done,
      colorWarning: c.warning,
      colorError: c.late,
      colorErrorText: c.lateInk,
      colorText: c.ink,
      colorTextSecondary: c.quiet,
      colorTextTertiary: c.quiet,
      colorTextDescription: c.quiet,
      colorTextPlaceholder: c.quiet,
      colorTextDisabled: mode === 'dark' ? '#78828B' : '#8A9198',
      colorTextHeading: c.ink,
      colorTextLightSolid: c.onHarbour,
      colorBgLayout: c.paper,
      colorBgContainer: c.surface,
      colorBgElevated: c.raised,
      colorBorder: c.control,
      colorBorderSecondary: c.line,
      colorSplit: c.line,
      colorFillTertiary: c.hover,
      colorFillQuaternary: c.paper,
      controlItemBgActive: c.tint,
      controlItemBgActiveHover: c.own,
      controlItemBgHover: c.hover,
      borderRadius: radius.control,
      borderRadiusLG: radius.card,
      borderRadiusSM: 4,
      fontFamily: fonts,
      fontSize: scale.body,
      fontSizeSM: scale.tiny,
      fontSizeLG: scale.lead,
      fontWeightStrong: 600,
      motionDurationFast: '0.08s',
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.12s',
      colorBgMask: mode === 'dark' ? 'rgb(8 10 12 / 55%)' : 'rgb(30 35 41 / 30%)',
      boxShadow: mode === 'dark' ? '0 8px 28px rgb(0 0 0 / 45%)' : '0 8px 28px rgb(30 35 41 / 12%)',
      boxShadowSecondary: mode === 'dark' ? '0 6px 20px rgb(0 0 0 / 45%)' : '0 6px 20px rgb(30 35 41 / 12%)',
      controlOutline: mode === 'dark' ? 'rgb(63 181 174 / 22%)' : 'rgb(14 110 110 / 14%)',
    },
    components: {
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', fontWeight: 400 },
      Form: { itemMarginBottom: 20, labelColor: c.ink, verticalLabelPadding: '0 0 6px' },
      Tooltip: { colorBgSpotlight: mode === 'dark' ? '#394047' : '#2A3037', colorTextLightSolid: '#F4F5F6' },
      Segmented: {
        trackBg: mode === 'dark' ? '#14171A' : '#ECECE6',
        itemSelectedBg: mode === 'dark' ? c.line : c.surface,
        itemColor: c.quiet,
      },
      Switch: { colorTextLightSolid: c.surface },
      Modal: { contentBg: c.raised, headerBg: c.raised },
      Tag: { defaultBg: c.hover, defaultColor: c.ink },
      Tabs: { horizontalItemPadding: '10px 0', titleFontSize: scale.body },
    },
  }
}

/** The dark algorithm dims its seeds; ours were chosen, and tested, as they are. */
const keepHues =
  (c: Palette): MappingAlgorithm =>
  (_, map) => ({
    ...map!,
    colorPrimary: c.harbour,
    colorSuccess: c.done,
    colorWarning: c.warning,
    colorError: c.late,
  })

/** Our own style sheets read the same tokens as `var(--ink)` and so on. */
export function paintTokens(mode: Mode, root = document.documentElement) {
  root.dataset.theme = mode
  root.style.colorScheme = mode
  for (const [name, colour] of Object.entries(palettes[mode]))
    root.style.setProperty(`--${kebab(name)}`, colour)
  root.style.setProperty('--fonts', fonts)
}

const kebab = (name: string) => name.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)
