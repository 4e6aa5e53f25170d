export const closing = {
  closing: {
    title: 'Before it is resolved',
    submit: 'Go on',
    resolveWith: 'Resolve with a summary',
    wanted: 'Wanted',
    done: 'Done',
    promised: 'Promised',
    writtenBy: 'Summary by {{name}}',
    template: 'Summary begins with',
    templateHint: 'What is mostly so for this reason; whoever resolves it changes it.',
    policy: 'Summary when resolving',
    policyOf: { none: 'Not asked', optional: 'Optional', required: 'Required' },
    policyText:
      'What was wanted, what was done and what is promised, in three lines. Where it is optional, Alt+E resolves at once and Alt+Shift+E asks.',
  },
} as const

export const closingRefusals = {
  summary_required: 'Say what came of it before this is resolved.',
} as const
