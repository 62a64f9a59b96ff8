// Before the first paint: the language and the theme the reader chose, else the browser's.
(() => {
  const root = document.documentElement
  const stored = name => { try { return localStorage.getItem(`minigpt.${name}`) } catch { return null } }
  const lang = stored('lang') ?? (navigator.language.toLowerCase().startsWith('pt') ? 'pt' : 'en')
  root.lang = lang === 'pt' ? 'pt-BR' : 'en'
  root.dataset.theme = stored('theme')
    ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')
})()
