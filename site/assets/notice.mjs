/** A line at the screen's lower edge: what became of the reader's lab. */

export class Notice {
  /** `words()`: the site's words in the present language. */
  constructor(words) {
    this.words = words
    this.about = this.sentence = ''
    this.bar = document.getElementById('notice')
    this.line = this.bar.querySelector('p')
    this.bar.querySelector('button').onclick = () => { this.show('') }
  }

  /** 'unsaved', 'unreadable', or what needs no words: 'saving' (what was said stays), 'saved', ''. */
  show(about) {
    document.documentElement.dataset.lab = about
    if (about !== 'saving') this.tell(about)
  }

  /** The same for what is not of the lab; `sentence`: one that is in no locale file of the site. */
  tell(about, sentence = '') {
    Object.assign(this, { about, sentence })
    this.paint()
  }

  paint() {
    const { notices, close } = this.words().site
    this.line.textContent = notices[this.about] ?? this.sentence
    this.bar.querySelector('button').textContent = close
    this.bar.hidden = !this.line.textContent
  }
}
