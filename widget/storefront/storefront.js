// The stub keeps what is said before widget.js is there; a shop's page needs it only if it calls Afar early.
window.Afar =
  window.Afar ||
  ((...call) => {
    window.Afar.q = window.Afar.q || []
    window.Afar.q.push(call)
  })

const languages = {
  zh: '中文',
  en: 'English',
  ja: '日本語',
  de: 'Deutsch',
  fr: 'Français',
  es: 'Español',
  pt: 'Português',
  ar: 'العربية',
}

document.addEventListener('DOMContentLoaded', () => {
  for (const button of document.querySelectorAll('[data-ask]'))
    button.addEventListener('click', () =>
      window.Afar('open', button.dataset.ask ? { text: button.dataset.ask } : {}),
    )

  const place = document.getElementById('languages')
  for (const [code, name] of Object.entries(languages)) {
    const button = document.createElement('button')
    button.type = 'button'
    button.lang = code
    button.className = 'text'
    button.textContent = name
    button.addEventListener('click', () => {
      window.Afar('locale', code)
      window.Afar('open')
    })
    place.append(button)
  }
})
