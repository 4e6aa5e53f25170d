import type { Module } from '../../platform/module.ts'
import { routes } from './routes.ts'

export const settingsModule: Module = {
  name: 'settings',
  permissions: [
    {
      code: 'settings:manage',
      zh: '管理公司、店铺、日历与文案',
      en: 'Manage company, stores, calendars and texts',
    },
  ],
  routes,
}
