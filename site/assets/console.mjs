/** The drawer with the Python console: opened from any page by its button or F2, kept between them. */

export const CONSOLE = 'console'                 // its document's name, beside those of the pages
export const VIEWER = 'pages.console.console:Console'

/** What has the focus, in whatever shadow tree. */
function focused(root = document) {
  const it = root.activeElement
  return it?.shadowRoot?.activeElement ? focused(it.shadowRoot) : it
}

export class ConsoleDrawer {
  /** `words()`: the present language's locale; `ask()` is called when it opens. */
  constructor(words, ask) {
    this.words = () => words().site.console
    this.ask = ask
    this.box = document.getElementById('console')
    this.view = this.box.querySelector('.view')
    this.toggle = document.getElementById('open-console')
    this.close = this.box.querySelector('button')
    this.toggle.onclick = () => this.turn(!this.isOpen)
    this.close.onclick = () => this.turn(false)
    this.box.onkeydown = event => { if (event.key === 'Escape') this.turn(false) }
    addEventListener('keydown', event => {
      if (event.key !== 'F2' || event.ctrlKey || event.altKey || event.metaKey) return
      event.preventDefault()
      this.turn(!this.isOpen)
    })
    // The newest answer stays in sight, unless the reader has scrolled up. (What grows below it while
    // it comes into sight moves it away from the end, too.)
    this.follows = true
    let before = 0
    this.view.onscroll = () => {
      const { scrollTop, scrollHeight, clientHeight } = this.view
      if (scrollTop + clientHeight > scrollHeight - 40) this.follows = true
      else if (scrollTop < before) this.follows = false
      before = scrollTop
    }
    this.growth = new ResizeObserver(() => {
      if (this.follows) this.view.scrollTop = this.view.scrollHeight
    })
    this.paint()
  }

  get isOpen() { return !this.box.hidden }

  /** Closed, it gives the focus back to what had it before. */
  turn(open) {
    const held = this.box.contains(document.activeElement)
    if (open) this.from = focused()
    this.box.hidden = !open
    this.paint()
    if (open) this.ask()
    else if (held) {
      this.from.focus({ preventScroll: true })
      if (focused() !== this.from || this.from === document.body) this.toggle.focus()
    }
  }

  /** Its document is drawn: look after its height, and let the reader type. */
  shown() {
    this.growth.disconnect()
    this.growth.observe(this.view.firstElementChild)
    this.follows = true
    if (this.isOpen) dispatchEvent(new CustomEvent('minigpt:console'))
  }

  paint() {
    const { title, open, hide, key } = this.words()
    this.box.querySelector('h2').textContent = title
    this.close.textContent = hide
    this.toggle.setAttribute('aria-expanded', this.isOpen)
    this.toggle.setAttribute('aria-label', title)
    this.toggle.title = `${this.isOpen ? hide : open} (${key})`
  }
}
