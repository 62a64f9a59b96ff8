/** Pages and addresses. Links are real; following one keeps Python alive. */

/** The page an address names: its last part without `.html`, `index` for a folder. */
export function pageOf(url, pages) {
  const name = new URL(url).pathname.split('/').pop().replace(/\.html$/, '') || 'index'
  return name in pages ? name : null
}

/** The state in an address, as an object of strings. */
export const queryOf = url => Object.fromEntries(new URL(url).searchParams)

/**
 * The present address. It is in the history's entry, too: where the site is opened as files, the
 * browser's own stays that of the file (portable/start.js).
 */
const here = () => history.state?.address ?? location.href

const fileOf = page => page === 'index' ? './' : `${page}.html`

/** Keeps the address bar and the page shown together; `show(page, query)` puts a page on
 * the screen, with the state a link asked for if it did. */
export class Navigation {
  constructor(pages, show) {
    this.pages = pages
    this.show = show
    this.queries = new Map()
    this.page = pageOf(here(), pages) ?? document.documentElement.dataset.page
    this.queries.set(this.page, queryOf(here()))
    document.addEventListener('click', event => this.clicked(event))
    addEventListener('popstate', () => this.popped())
  }

  query(page) { return this.queries.get(page) ?? {} }

  address(page) {
    const query = new URLSearchParams(this.query(page)).toString()
    return fileOf(page) + (query ? `?${query}` : '')
  }

  /** A link of ours, followed in the ordinary way, also out of a component's shadow root. */
  clicked(event) {
    const link = event.composedPath().find(it => it instanceof HTMLAnchorElement)
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey
      && !event.altKey
    if (!link?.dataset.page || !plain || event.defaultPrevented) return
    event.preventDefault()
    const query = queryOf(link.href)
    this.go(link.dataset.page, Object.keys(query).length ? query : undefined)
  }

  /** `query`: the state that the link asks for; without one the page stays as it was left. */
  go(page, query) {
    if (query) this.queries.set(page, query)
    if (page !== this.page) this.enter('pushState', page)
    this.page = page
    scrollTo(0, 0)
    this.show(page, query)
  }

  enter(how, page) {
    const address = new URL(this.address(page), location.href).href
    history[how]({ address }, '', address)
  }

  popped() {
    const page = pageOf(here(), this.pages)
    if (!page) return
    this.page = page
    if (!this.queries.has(page)) this.queries.set(page, queryOf(here()))
    this.enter('replaceState', page)
    this.show(page)
  }

  /** A page's state changed: the address of the page shown follows, but not at every key stroke. */
  remember(page, query) {
    this.queries.set(page, query)
    if (page !== this.page) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.enter('replaceState', this.page), 300)
  }
}
