/**
 * A browser looks for the caret in every frame, and where its box is not drawn (on a page that was
 * left, in a closed fold) through all of the text: half a second for a megabyte. So a box that one
 * leaves loses its caret; it knows where that was when one comes back.
 */

const BOX = 'textarea, input'

/** For the text boxes below this root: where the focus stays in a shadow tree, only its root hears. */
export function freeCarets(root) {
  root.addEventListener('focusout', ({ target }) => {
    // Not where the whole window is left: whoever comes back to it types on.
    if (document.hasFocus() && target.matches(BOX)) getSelection().removeAllRanges()
  })
}
