export const quickReplyRefusals = {
  unknown_variable: '没有名为 {{names}} 的变量。',
  empty_variable: '{{names}} 没有可填入的内容。请在竖线后写上替代文字，或改用其他说法。',
  unfilled_variable: '{{names}} 还没有填入。请从菜单中选择，或自己写出内容。',
  malformed_variable: '有两个左大括号没有与变量名一起闭合。',
} as const
