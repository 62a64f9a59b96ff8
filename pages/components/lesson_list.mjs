import { make } from './shared.mjs'

// Real links, so that a lesson can be opened in a tab of its own.
export function render({ model, el }) {
  const title = make('h2'), progress = make('span', { className: 'soft progress' })
  const handle = make('summary', {}, title, progress)
  const nav = make('nav')
  const fold = make('details', { open: matchMedia('(min-width: 1000px)').matches }, handle, nav)

  function entry(it) {
    const count = make('span', { className: 'count number', textContent: it.count })
    count.setAttribute('aria-hidden', 'true')
    const link = make('a', { href: it.href }, make('span', { textContent: it.title }), count,
      make('span', { className: 'unseen', textContent: it.said }))
    link.dataset.page = it.page
    link.style.setProperty('--done', it.done)
    if (it.is_here) link.setAttribute('aria-current', 'true')
    return make('li', { className: it.done === 1 ? 'done' : '' }, link)
  }

  function paint() {
    title.textContent = model.words.title ?? ''
    progress.textContent = model.words.progress ?? ''
    nav.setAttribute('aria-label', model.words.title ?? '')
    const at = nav.contains(el.getRootNode().activeElement)
      && el.getRootNode().activeElement.getAttribute('href')
    nav.replaceChildren(...JSON.parse(model.levels).flatMap(level => [
      make('h3', { textContent: level.title }), make('ol', {}, ...level.lessons.map(entry))]))
    if (at) [...nav.querySelectorAll('a')].find(it => it.getAttribute('href') === at)?.focus()
  }

  model.on(['levels', 'words'], paint)
  paint()
  el.append(fold)
}
