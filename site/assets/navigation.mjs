/** Pages and addresses. Links are real; following one keeps Python alive. */

/** The page an address names: its last part without `.html`, `index` for a folder. */
export function pageOf(url, pages) {
  const name = new URL(url).pathname.split('/').pop().replace(/\.html$/, '') || 'index'
  return name in pages ? name : null
}

/** The state in an address, as an object of strings. */
export const queryOf = url => Object.fromEntries(new URL(url).searchParams)

const fileOf = page => page === 'index' ? './' : `${page}.html`

/** Keeps the address bar and the page shown together; `show(page, query)` puts a page on
 * the screen, with the state a link asked for if it did. */
export class Navigation {
  constructor(pages, show) {
    this.pages = pages
    this.show = show
    this.queries = new Map()
    this.page = pageOf(location.href, pages) ?? document.documentElement.dataset.page
    this.queries.set(this.page, queryOf(location.href))
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
    if (page !== this.page) history.pushState(null, '', this.address(page))
    this.page = page
    scrollTo(0, 0)
    this.show(page, query)
  }

  popped() {
    const page = pageOf(location.href, this.pages)
    if (!page) return
    this.page = page
    if (!this.queries.has(page)) this.queries.set(page, queryOf(location.href))
    history.replaceState(null, '', this.address(page))
    this.show(page)
  }

  /** A page's state changed: the address of the page shown follows, but not at every key stroke. */
  remember(page, query) {
    this.queries.set(page, query)
    if (page !== this.page) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      history.replaceState(null, '', this.address(this.page))
    }, 300)
  }
}
