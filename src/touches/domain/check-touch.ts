import { forbidden, invalidRequest, type TandemError, unprocessable } from '../../kernel/errors.js';
import type { TouchPlacement } from './touch.js';

/** Who posts, and when: `now` is epoch ms by our clock. */
export interface TouchPoster {
  readonly partnerId: string;
  /** The channel that the key is bound to; null for a key that is not. */
  readonly boundChannelId: string | null;
  readonly now: number;
}

// A device may be in another time zone than it believes; no zone is a day away. A touch of next week is a bug.
const MAX_AHEAD_MS = 24 * 3_600_000;

/**
 * Why this partner may not post a touch of this placement at `occurredAt` (epoch ms); null when it may. The partner has a part
 * in its campaign. None of these checks fails later for a touch that once passed, unless the terms change.
 */
export function checkTouch(
  occurredAt: number,
  placement: TouchPlacement,
  poster: TouchPoster,
): TandemError | null {
  const { issuerPartnerId, redeemerPartnerId, channelId } = placement;
  const isIssuer = poster.partnerId === issuerPartnerId;
  if (!isIssuer && poster.partnerId !== redeemerPartnerId)
    return forbidden('Only the two partners of this offer may post touches of its placements.');
  // The channels of placements are the issuer's, so a key bound to a till of the redeemer has none to differ from.
  if (isIssuer && poster.boundChannelId !== null && poster.boundChannelId !== channelId)
    return forbidden('This key may post touches of its own channel only.');
  if (!placement.isApproved)
    return unprocessable('campaign.not-approved', 'Not every participant has approved this offer yet.');
  if (occurredAt > poster.now + MAX_AHEAD_MS)
    return invalidRequest([
      { pointer: '/occurredAt', detail: 'must not be more than 24 hours in the future' },
    ]);
  return null;
}
