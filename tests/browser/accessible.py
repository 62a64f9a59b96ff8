"""What axe, an accessibility checker, finds on a page that is at rest."""

from playwright.sync_api import Page

WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
# In the middle of a fade text has little contrast. What moves without end is no fade.
AT_REST = """async () => {
  const moves = root => root.getAnimations().some(
    it => it.playState === 'running' && it.effect.getComputedTiming().endTime < Infinity)
    || [...root.querySelectorAll('*')].some(it => it.shadowRoot && moves(it.shadowRoot))
  while (moves(document)) await new Promise(requestAnimationFrame)
}"""
RUN = """([part, tags]) => axe.run(part ?? document, {resultTypes: ['violations'],
    ...(tags ? {runOnly: tags} : {})}).then(found => found.violations.map(
  it => `${it.id}: ${it.nodes.map(node => node.target).join(' | ')}`))"""


def violations(tab: Page, axe: str, part: str | None = None,
               tags: list[str] | None = WCAG) -> list[str]:
    """Rules that the page breaks, or its `part` (a selector), each with the elements that do.

    `axe` is its source, `tags` those of the rules that count, or None for all of them. From the
    top: what lies half under the header now can be scrolled from under it.
    """
    tab.evaluate('() => scrollTo(0, 0)')
    tab.evaluate(AT_REST)
    tab.evaluate(axe)
    return tab.evaluate(RUN, [part, tags])
