/** The sample company's people: colleagues with every role, and customers of eight countries. */
export const password = 'friends-from-afar'

export const colleagues = [
  { email: 'lin@yuanxing.example', name: '林晓梅', roleCode: 'agent', languages: ['zh', 'en'], locale: 'zh' },
  {
    email: 'weber@yuanxing.example',
    name: 'Jonas Weber',
    roleCode: 'agent',
    languages: ['de', 'en', 'fr'],
    locale: 'en',
  },
  {
    email: 'sato@yuanxing.example',
    name: '佐藤美咲',
    roleCode: 'agent',
    languages: ['ja', 'en', 'zh'],
    locale: 'zh',
  },
  {
    email: 'chen@yuanxing.example',
    name: '陈志远',
    roleCode: 'supervisor',
    languages: ['zh', 'en'],
    locale: 'zh',
  },
  {
    email: 'wang@yuanxing.example',
    name: '王芳',
    roleCode: 'specialist',
    languages: ['zh', 'en', 'es'],
    locale: 'zh',
  },
  {
    email: 'he@yuanxing.example',
    name: '何静',
    roleCode: 'care_manager',
    languages: ['zh', 'en'],
    locale: 'zh',
  },
  { email: 'liu@yuanxing.example', name: '刘洋', roleCode: 'sales', languages: ['zh', 'en'], locale: 'zh' },
  { email: 'zhao@yuanxing.example', name: '赵敏', roleCode: 'trainer', languages: ['zh'], locale: 'zh' },
  {
    email: 'sun@yuanxing.example',
    name: '孙立',
    roleCode: 'compliance',
    languages: ['zh', 'en'],
    locale: 'zh',
  },
  { email: 'zhou@yuanxing.example', name: '周远行', roleCode: 'owner', languages: ['zh'], locale: 'zh' },
  {
    email: 'admin@yuanxing.example',
    name: 'Alex Tan',
    roleCode: 'admin',
    languages: ['en', 'zh'],
    locale: 'en',
  },
] as const

export type Colleague = (typeof colleagues)[number]['email']

type Person = {
  name: string
  language: string
  country: string
  zone: string
  email: string
  phone: string
  order: string
}

export const customers = {
  anna: {
    name: 'Anna Schneider',
    language: 'de',
    country: 'DE',
    zone: 'Europe/Berlin',
    email: 'anna.schneider@post.example',
    phone: '+4930901820',
    order: 'B-20871 · bamboo desk shelf × 1 · EUR 89.00 · in transit, customs Leipzig',
  },
  yumi: {
    name: '田中 由美',
    language: 'ja',
    country: 'JP',
    zone: 'Asia/Tokyo',
    email: 'yumi.tanaka@mail.example',
    phone: '+81312345678',
    order: 'B-20855 · tea tray × 2 · JPY 9,800 · delivered 2 days ago',
  },
  joao: {
    name: 'João Pereira',
    language: 'pt',
    country: 'BR',
    zone: 'America/Sao_Paulo',
    email: 'joao.pereira@correio.example',
    phone: '+551123456789',
    order: 'B-20803 · bread box × 1 · BRL 349.00 · held by customs',
  },
  noura: {
    name: 'نورة العتيبي',
    language: 'ar',
    country: 'SA',
    zone: 'Asia/Riyadh',
    email: 'noura@barid.example',
    phone: '+966112345678',
    order: 'B-20866 · incense holder × 3 · SAR 210.00 · out for delivery',
  },
  emily: {
    name: 'Emily Carter',
    language: 'en',
    country: 'US',
    zone: 'America/Los_Angeles',
    email: 'emily.carter@inbox.example',
    phone: '+12015550123',
    order: 'B-20879 · canvas weekender × 1 · USD 54.00 · paid, not yet packed',
  },
  oliver: {
    name: 'Oliver Reed',
    language: 'en',
    country: 'US',
    zone: 'America/New_York',
    email: 'oliver.reed@inbox.example',
    phone: '+12015550188',
    order: '114-8820413 · tea tray × 1 · USD 38.00 · delivered, lid missing',
  },
  lucia: {
    name: 'Lucía Fernández',
    language: 'es',
    country: 'ES',
    zone: 'Europe/Madrid',
    email: 'lucia.f@correo.example',
    phone: '+34912345678',
    order: 'B-20790 · cutting board set × 1 · EUR 64.00 · delivered, one board cracked',
  },
  camille: {
    name: 'Camille Laurent',
    language: 'fr',
    country: 'FR',
    zone: 'Europe/Paris',
    email: 'camille.laurent@courriel.example',
    phone: '+33123456789',
    order: 'B-20812 · bath mat × 2 · EUR 78.00 · returned, refund pending',
  },
  lei: {
    name: '李雷',
    language: 'zh',
    country: 'CN',
    zone: 'Asia/Shanghai',
    email: 'lilei@youxiang.example',
    phone: '+861012345678',
    order: 'Z-10442 · 竹制笔筒 × 1 · CNY 68.00 · 已签收',
  },
  meimei: {
    name: '韩梅梅',
    language: 'zh',
    country: 'CN',
    zone: 'Asia/Shanghai',
    email: 'hanmeimei@youxiang.example',
    phone: '+862012345678',
    order: 'Z-10457 · 茶盘套装 × 1 · CNY 399.00 · 待发货',
  },
} as const satisfies Record<string, Person>

export type CustomerKey = keyof typeof customers
