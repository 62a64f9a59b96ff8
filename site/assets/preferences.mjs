/** Language and theme: the reader's choice, remembered; until there is one, the browser's. */

const root = document.documentElement

/** Keep a choice for the next visit. */
export const remember = (name, value) => {
  try { localStorage.setItem(`minigpt.${name}`, value) } catch { /* private mode: for this visit */ }
}
/** What was chosen on an earlier visit, or null. */
export const chosen = name => {
  try { return localStorage.getItem(`minigpt.${name}`) } catch { return null }
}

/** 'pt' or 'en'. */
export const language = () => root.lang.startsWith('pt') ? 'pt' : 'en'

/** 'light' or 'dark'. */
export const theme = () => root.dataset.theme

/** Wire the buttons. `words(lang)` gives the locale; the other two hear of each change. */
export function startPreferences(words, onLanguage, onTheme) {
  const button = document.getElementById('theme')
  const buttons = [...document.querySelectorAll('[data-choose]')]

  function paint() {
    const { tag, site } = words(language())
    root.lang = tag
    const say = theme() === 'dark' ? site.toLight : site.toDark
    button.setAttribute('aria-label', say)
    button.title = say
    document.getElementById('nav').setAttribute('aria-label', site.nav)
    for (const it of document.querySelectorAll('.pager')) it.setAttribute('aria-label', site.pager)
    document.getElementById('languages').setAttribute('aria-label', site.language)
    for (const it of buttons) it.setAttribute('aria-pressed', it.dataset.choose === language())
  }

  for (const it of buttons) {
    it.onclick = () => {
      if (it.dataset.choose === language()) return
      root.lang = words(it.dataset.choose).tag
      remember('lang', it.dataset.choose)
      paint()
      onLanguage(language())
    }
  }
  function wear(name) {
    root.dataset.theme = name
    paint()
    onTheme(name)
  }

  button.onclick = () => {
    wear(theme() === 'dark' ? 'light' : 'dark')
    remember('theme', theme())
  }
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', event => {
    if (!chosen('theme')) wear(event.matches ? 'dark' : 'light')
  })
  paint()
}
