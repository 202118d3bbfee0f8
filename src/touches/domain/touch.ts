import type { CustomerDetails } from '../../partners/domain/customer-reference.js';

/** A click was counted behind a link or posted; a visit is a customer at the place, an exposure one that saw it. */
export const TOUCH_KINDS = ['click', 'visit', 'exposure'] as const;
export type TouchKind = (typeof TOUCH_KINDS)[number];

/** A placement as those who post touches need it: whose it is, and whether everybody has agreed to the campaign. */
export interface TouchPlacement {
  readonly placementId: string;
  readonly offerId: string;
  readonly campaignId: string;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  /** The issuer's channel; null for the default placement of an offer. */
  readonly channelId: string | null;
  /** Whether the offer is in a version of its campaign that every participant has approved. */
  readonly isApproved: boolean;
}

/** A touch as it is posted, its shape checked. `occurredAt` is epoch ms. */
export interface TouchInput {
  readonly externalId: string;
  readonly placementId: string;
  readonly kind: TouchKind;
  readonly occurredAt: number;
  readonly customer?: CustomerDetails | undefined;
}

/** A touch that can be stored. `occurredAt` is epoch ms; `fingerprint`, in hex, is of the body. */
export interface PostedTouch {
  readonly id: string;
  readonly externalId: string;
  readonly fingerprint: string;
  readonly placement: TouchPlacement;
  readonly kind: TouchKind;
  /** The customer within the campaign. */
  readonly matchId: string | null;
  readonly occurredAt: number;
}
