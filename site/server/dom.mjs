/** Elements in one line: `element('p', { className: 'a', dataset: {...} }, child, 'text')`. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag), { dataset, ...others } = properties
  Object.assign(made, others)
  Object.assign(made.dataset, dataset)
  made.append(...children.filter(it => it !== null && it !== undefined))
  return made
}

export const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name])

/** Make a list's entries those of `items`; each element stays, and the focus in it, by its key. */
export function keyed(list, items, key, make, paint) {
  const there = new Map([...list.children].map(it => [it.dataset.key, it]))
  items.forEach((item, i) => {
    const name = key(item), entry = there.get(name) ?? make(item)
    there.delete(name)
    entry.dataset.key = name
    paint(entry, item)
    if (list.children[i] !== entry) list.insertBefore(entry, list.children[i] ?? null)
  })
  for (const gone of there.values()) gone.remove()
}

/** A page as the site's menu calls it, in its present language. */
export function pageName(page) {
  const link = document.querySelector(`#nav a[data-page="${CSS.escape(page)}"]`)
  const lang = document.documentElement.lang.slice(0, 2)
  return (link?.querySelector(`[data-lang=${lang}]`) ?? link)?.textContent.trim() ?? page
}
