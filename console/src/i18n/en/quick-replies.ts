export const quickReplyRefusals = {
  unknown_variable: 'There is no variable called {{names}}.',
  empty_variable:
    'Nothing is known to fill in for {{names}}. Add a fallback after a bar, or write other words.',
  unfilled_variable: '{{names}} is not filled in yet. Choose it from the menu, or write the words yourself.',
  malformed_variable: 'Two braces are opened and not closed around a variable.',
} as const
