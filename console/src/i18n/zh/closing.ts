import type { closing as en, closingRefusals as enRefusals } from '../en/closing.ts'
import type { Translation } from '../translation.ts'

export const closing: Translation<typeof en> = {
  closing: {
    title: '解决之前',
    submit: '继续',
    resolveWith: '写小结并解决',
    wanted: '客户诉求',
    done: '处理结果',
    promised: '后续承诺',
    writtenBy: '{{name}} 的小结',
    template: '小结模板',
    templateHint: '此原因下通常的情况，解决时可以修改。',
    policy: '解决时的小结',
    policyOf: { none: '不填写', optional: '选填', required: '必填' },
    policyText: '用三行写明客户诉求、处理结果和后续承诺。选填时，Alt+E 直接解决，Alt+Shift+E 先写小结。',
  },
}

export const closingRefusals: Translation<typeof enRefusals> = {
  summary_required: '请先写小结再解决。',
}
