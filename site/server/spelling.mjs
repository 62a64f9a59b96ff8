/** How a link spells parameters, {key: {name, kind, default, digits, join, spelling}}. */

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b)

/** A value as the link has it; null where the link says nothing, for it is as at first. */
export function toLink(value, parameter) {
  if (same(value, parameter.default)) return null
  const spelt = it => parameter.spelling.find(([known]) => same(known, it))?.[1]
  if (parameter.kind === 'texts') return value.map(it => spelt(it) ?? it).join(parameter.join)
  return spelt(value) ?? (parameter.kind === 'number' ? value.toFixed(parameter.digits)
    : value === null ? '' : String(value))
}

/** Values by name → what of a link changes, by key. */
export function linkChanges(values, parameters) {
  return Object.fromEntries(Object.entries(parameters)
    .filter(([, { name }]) => name in values)
    .map(([key, parameter]) => [key, toLink(values[parameter.name], parameter)]))
}

/** What turned one link's query into another, by key; null for what is gone. */
export function difference(before, after) {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)])
  return Object.fromEntries([...keys].filter(key => before[key] !== after[key])
    .map(key => [key, after[key] ?? null]))
}

/** A query with changes made to it. */
export function changed(query, changes) {
  return Object.fromEntries(Object.entries({ ...query, ...changes })
    .filter(([, value]) => value !== null))
}
