// Before the first paint: the language and the theme the reader chose, else the browser's. And what
// takes longest begins. Python's worker: shell.mjs takes it over, with what it has said by then. The
// page as it was built, which shell.mjs draws. The script that draws: documents.mjs waits for it.
(() => {
  const root = document.documentElement, { src, dataset } = document.currentScript
  const stored = name => { try { return localStorage.getItem(`minigpt.${name}`) } catch { return null } }
  const lang = stored('lang') ?? (navigator.language.toLowerCase().startsWith('pt') ? 'pt' : 'en')
  root.lang = lang === 'pt' ? 'pt-BR' : 'en'
  root.dataset.theme = stored('theme')
    ?? (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')

  const here = location.protocol !== 'file:' && stored('place') !== 'server'
  if (here && dataset.view) {
    const address = `${dataset.view}.${lang}.json`, answer = fetch(address)
    answer.catch(() => {})  // told by whoever waits for it
    self.minigptAsked = { address, answer }
  }
  if (here && self.WebAssembly && self.Worker) {
    // As in shell.mjs.
    const name = navigator.serviceWorker?.controller ? 'kept' : ''
    const worker = new Worker(new URL('worker.mjs', src), { type: 'module', name }), heard = []
    worker.onmessage = worker.onerror = event => heard.push(event)
    self.minigptBegun = { worker, heard }
  }

  let threw = false  // a script did, just now; its own `load` comes right after it ran
  addEventListener('error', event => { threw ||= event instanceof ErrorEvent })
  const script = Object.assign(document.createElement('script'), { src: dataset.draws })
  script.onload = () => {
    if (threw) script.remove()  // it came damaged: documents.mjs tries again, and tells
    else script.dataset.loaded = dataset.draws
    threw = false
  }
  script.onerror = () => script.remove()
  document.head.append(script)
})()
