/**
 * Whether a row `k` of `channel_clocks` is worth telling. A clock that is ahead is so for certain. One that is behind could be a till
 * that sends a queue late: only when nothing came on time for a quarter of an hour it is something to look at. A day
 * after it was last seen nobody knows.
 */
export const IS_WRONG_CLOCK = `(
  k.seen_at > now() - interval '1 day'
  and (k.skew_ms > 0 or (k.posts >= 5 and k.seen_at >= k.since + interval '15 minutes')))`;
