/** A line at the screen's lower edge: what became of the reader's lab. */

export class Notice {
  /** `words()`: the site's words in the present language. `choose(which)`: 'theirs' or 'mine'. */
  constructor(words, choose) {
    this.words = words
    this.about = this.what = this.sentence = ''
    this.bar = document.getElementById('notice')
    this.line = this.bar.querySelector('p')
    this.close = this.bar.querySelector('.close')
    this.choices = [...this.bar.querySelectorAll('[data-which]')]
    const end = () => {
      this.show('')
      document.getElementById('main').focus({ preventScroll: true })
    }
    this.close.onclick = end
    for (const button of this.choices) {
      button.onclick = () => { end(); choose(button.dataset.which) }
    }
  }

  /**
   * 'unsaved', 'unreadable', 'newer', or what needs no words: 'saving' (what was said stays),
   * 'saved', ''. `what` another tab kept.
   */
  show(about, what = '') {
    document.documentElement.dataset.lab = about
    if (about !== 'saving') this.tell(about, '', what)
  }

  /** The same for what is not of the lab; `sentence`: one that is in no locale file of the site. */
  tell(about, sentence = '', what = '') {
    Object.assign(this, { about, sentence, what })
    this.paint()
  }

  paint() {
    const { notices, labs, which, close } = this.words().site
    const [kind, ...name] = this.what.split(' ')
    this.line.textContent = (notices[this.about] ?? this.sentence)
      .replace('{lab}', () => labs[kind]?.replace('{name}', () => name.join(' ')) ?? '')
    for (const button of this.choices) {
      button.textContent = which[button.dataset.which]
      button.hidden = this.about !== 'newer'
    }
    this.close.textContent = close
    this.bar.hidden = !this.line.textContent
  }
}
