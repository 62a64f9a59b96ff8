/** Elements in one line: `element('p', { className: 'a', dataset: {...} }, child, 'text')`. */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag), { dataset, ...others } = properties
  Object.assign(made, others)
  Object.assign(made.dataset, dataset)
  made.append(...children.filter(it => it !== null && it !== undefined))
  return made
}

export const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name])

const SVG = 'http://www.w3.org/2000/svg'

export function drawing(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  made.append(...children)
  return made
}
