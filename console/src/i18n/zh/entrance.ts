import type { entrance as en } from '../en/entrance.ts'
import type { Translation } from '../translation.ts'

export const entrance: Translation<typeof en> = {
  signIn: {
    title: '登录',
    email: '邮箱',
    password: '密码',
    submit: '登录',
    codeTitle: '两步验证',
    codeAbout: '请输入验证器应用中的六位数字，或一个备用码。',
    code: '验证码',
    continue: '继续',
  },
  setup: {
    title: '欢迎',
    about: '填写三项即可开始，之后均可在设置中更改。',
    company: '公司名称',
    store: '第一家店铺',
    storeHint: '客户所熟悉的名称。',
    admin: '您的账号',
    submit: '创建并进入',
  },
}
