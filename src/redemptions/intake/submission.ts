import type { TandemError } from '../../kernel/errors.js';
import type { OverLimitBearer } from '../../campaigns/domain/offer-state.js';
import type { Reward } from '../../campaigns/domain/reward.js';
import type { MatchIdOf } from '../../partners/partner-directory.read-model.js';
import type { RefusalReason } from '../domain/refusal-reason.js';

/** One posted attempt, shape checked and the customer hashed: what the batcher decides. Instants epoch ms, money minor units. */
export interface Submission {
  readonly redeemerPartnerId: string;
  readonly externalId: string;
  /** Of the body: tells a repeat from another attempt under the same externalId. */
  readonly fingerprint: Buffer;
  readonly typedCode: string;
  /** Canonical form; null when nothing of what was typed can be a code. */
  readonly codeKey: string | null;
  readonly channelId: string;
  readonly channelAllowed: boolean;
  readonly occurredAt: number;
  readonly offline: boolean;
  readonly receiptNumber: string;
  readonly currency: string;
  readonly subtotal: bigint;
  readonly discountTaken: bigint | null;
  readonly costOfGoods: bigint | null;
  readonly customerId: string | null;
  /** Called when the campaign is known; null without a customer. */
  readonly matchIdOf: MatchIdOf | null;
  readonly customerStatus: 'new' | 'returning' | null;
  readonly clerk: string | null;
  /** The reservation whose place it claims. */
  readonly reservationId: string | null;
  /** The touch that brought the customer, as the till or shop says. */
  readonly clickId: string | null;
}

/** A decided attempt as it is stored and answered. */
export interface DecidedRedemption {
  readonly id: string;
  readonly externalId: string;
  readonly status: 'accepted' | 'refused';
  readonly reason: RefusalReason | null;
  readonly offerId: string | null;
  readonly campaignId: string | null;
  readonly currency: string;
  readonly reward: Reward | null;
  readonly discount: bigint;
  readonly honouredOverLimit: boolean;
  /** Who bears the discount of one that was honoured over a limit; null for the others. */
  readonly overLimitBearer: OverLimitBearer | null;
}

/** What one submission came to. A fault is about this one attempt; nothing of it was stored. */
export type SubmissionResult =
  | { readonly kind: 'decided'; readonly redemption: DecidedRedemption; readonly replayed: true }
  | {
      readonly kind: 'decided';
      /** `receivedAt` by the database's clock. */
      readonly redemption: DecidedRedemption & { readonly receivedAt: number };
      readonly replayed: false;
    }
  | { readonly kind: 'fault'; readonly error: TandemError };

/** Under which a post is known for ever. */
export function submissionKey(submission: Pick<Submission, 'redeemerPartnerId' | 'externalId'>): string {
  return `${submission.redeemerPartnerId}/${submission.externalId}`;
}
