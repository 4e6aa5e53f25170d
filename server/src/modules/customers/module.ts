import type { Module } from '../../platform/module.ts'
import { routes } from './routes.ts'

export const customersModule: Module = {
  name: 'customers',
  permissions: [
    { code: 'customers:read', zh: '查看客户', en: 'See customers' },
    { code: 'customers:write', zh: '新建和修改客户', en: 'Create and change customers' },
    { code: 'customers:merge', zh: '合并客户、核实身份', en: 'Merge customers and verify identities' },
    {
      code: 'customers:contact-details',
      zh: '查看客户的邮箱和电话',
      en: "See customers' addresses and numbers",
    },
    {
      code: 'customers:reveal',
      zh: '说明原因后查看一项隐藏的联系方式',
      en: 'Have one hidden contact detail shown, for a reason',
    },
  ],
  routes,
}
