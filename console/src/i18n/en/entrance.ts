export const entrance = {
  signIn: {
    title: 'Sign in',
    email: 'Mail address',
    password: 'Password',
    submit: 'Sign in',
    codeTitle: 'Second step',
    codeAbout: 'Enter the six digits from your authenticator app, or one of your backup codes.',
    code: 'Code',
    continue: 'Continue',
  },
  setup: {
    title: 'Welcome',
    about: 'Three things to start with. Everything can be changed later in the settings.',
    company: 'Company',
    store: 'First store',
    storeHint: 'The name your customers know.',
    admin: 'Your account',
    submit: 'Create and sign in',
  },
} as const
