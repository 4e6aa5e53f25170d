import type { ownFields as en, ownFieldRefusals as enRefusals } from '../en/own-fields.ts'
import type { Translation } from '../translation.ts'

export const ownFields: Translation<typeof en> = {
  ownField: {
    title: '会话字段',
    card: '自定义字段',
    about: '在联系原因和标签之外，您想为会话记录的内容，例如批次或诉求。',
    new: '新建字段',
    none: '还没有自定义字段',
    noneText: '开始时，联系原因、标签和小结就够用了。',
    name: '名称',
    nameZh: '中文名称',
    nameEn: '英文名称',
    key: '代码',
    keyHint: '供程序和条件使用，之后不能更改。',
    keyRule: '小写字母、数字和 _，以字母开头',
    type: '类型',
    typeOf: { text: '文字', number: '数字', choice: '单选', date: '日期', boolean: '是或否' },
    choices: '选项',
    isRequired: '必填',
    required: '必填',
    requiredHint: '显示此字段的会话，填写后才能解决。',
    reasonGroups: '适用原因',
    channelKinds: '适用渠道',
    all: '全部',
    yes: '是',
    no: '否',
  },
}

export const ownFieldRefusals: Translation<typeof enRefusals> = {
  fields_required: '请先填写必填字段再解决。',
  choices_mismatch: '单选字段需要选项，其他类型不需要。',
}
