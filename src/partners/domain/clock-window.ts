/** How far a till's clock was from ours; milliseconds, positive when it is ahead. Instants are epoch ms of the database's clock. */
export interface ClockSighting {
  readonly skewMs: number;
  /** Posts that say so, and when the first and the last of them came. */
  readonly posts: number;
  readonly since: number;
  readonly seenAt: number;
}

/** What the posts of one channel said about its clock for a while. */
export interface ClockWindow {
  readonly ahead: ClockSighting | null;
  readonly late: ClockSighting | null;
  readonly isOnTime: boolean;
}

/** A till's clock may run this far from ours before we call it wrong. */
export const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;

export const EMPTY_WINDOW: ClockWindow = { ahead: null, late: null, isOnTime: false };

/**
 * The window with one more post: when it happened by the till, when it came by us. A post never comes before it happened, so
 * one from the future is proof of a clock that runs ahead, by at least as much. A late one may be a retry.
 * What an offline till reports is late by nature: only its future says something.
 */
export function addPost(
  window: ClockWindow,
  post: { readonly occurredAt: number; readonly receivedAt: number; readonly offline: boolean },
): ClockWindow {
  const skewMs = post.occurredAt - post.receivedAt;
  const { receivedAt } = post;
  if (skewMs > CLOCK_TOLERANCE_MS) return { ...window, ahead: addTo(window.ahead, skewMs, receivedAt) };
  if (post.offline) return window;
  if (skewMs >= -CLOCK_TOLERANCE_MS) return window.isOnTime ? window : { ...window, isOnTime: true };
  return { ...window, late: addTo(window.late, skewMs, receivedAt) };
}

/**
 * What a window says: a clock that is ahead; else one that is on time, because a clock that is behind makes every post late; else
 * one that may be behind, by no more than the least late post. Null when nobody said anything.
 */
export function readWindow({ ahead, late, isOnTime }: ClockWindow): ClockSighting | 'on-time' | null {
  return ahead ?? (isOnTime ? 'on-time' : late);
}

/** The largest skew is the truest: every post comes a little, or much, after it happened. */
function addTo(seen: ClockSighting | null, skewMs: number, at: number): ClockSighting {
  if (!seen) return { skewMs, posts: 1, since: at, seenAt: at };
  return {
    skewMs: Math.max(seen.skewMs, skewMs),
    posts: seen.posts + 1,
    since: Math.min(seen.since, at),
    seenAt: Math.max(seen.seenAt, at),
  };
}
