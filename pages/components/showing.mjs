/**
 * The scroll position nearest to `scroll` that shows what lies from `start` to `end`: `room` is
 * seen at once, the first `covered` of it below labels that stay.
 */
export const showing = (scroll, start, end, room, covered = 0) =>
  Math.min(Math.max(scroll, end - room), start - covered)
