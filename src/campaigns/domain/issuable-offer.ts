import type { Ratio } from '../../kernel/ratio.js';
import type { IssuanceTerms } from './agreement.js';
import type { Reward } from './reward.js';

/** The terms of an offer in force, as far as handing out its coupons goes. Instants are epoch ms. */
export interface TermsOfIssuance {
  readonly version: number;
  readonly startsAt: number;
  /** The first instant after the last day of the campaign. Codes may be taken longer: `redeemBefore`. */
  readonly issueBefore: number;
  readonly redeemBefore: number;
  readonly reward: Reward;
  /** How many codes of the offer are taken in all; null: no limit. */
  readonly totalLimit: number | null;
  readonly issuance: IssuanceTerms;
  /** From which share of the customers the coupons are withheld; null: from nobody. */
  readonly holdOutShare: Ratio | null;
}

/** An offer at the moment `now` (epoch ms, the database's clock), for its issuer's till. */
export interface IssuableOffer {
  readonly id: string;
  readonly campaignId: string;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  /** Makes the match ids of the campaign; secret. */
  readonly customerKey: Uint8Array;
  readonly currency: string;
  readonly timeZone: string;
  readonly now: number;
  /** Null while the offer is in no version that every participant has approved. */
  readonly terms: TermsOfIssuance | null;
  readonly isPaused: boolean;
  readonly endedAt: number | null;
}
