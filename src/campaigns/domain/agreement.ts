import type { Money } from '../../kernel/money.js';
import type { CampaignTerms } from './campaign-terms.js';
import type { Reward } from './reward.js';

export const CAMPAIGN_KINDS = ['tactical', 'strategic', 'cultural'] as const;
export type CampaignKind = (typeof CAMPAIGN_KINDS)[number];

export const PARTICIPANT_ROLES = ['locomotive', 'wagon', 'equal'] as const;
export type ParticipantRole = (typeof PARTICIPANT_ROLES)[number];

/** A partner in a campaign. */
export interface Participant {
  readonly partnerId: string;
  readonly role: ParticipantRole;
}

/** When the issuer's till may hand out a coupon of the offer, one for one customer. */
export interface IssuanceTerms {
  /** The receipt that earns the coupon comes to at least this; null: no receipt is needed. */
  readonly minimumReceipt: Money | null;
  /** How many may be handed out so in all; null: as many as one coupon batch may hold. */
  readonly ceiling: number | null;
  /** The coupon is taken until the end of the day so many days after its issuance; null: as long as the campaign takes codes. */
  readonly validDays: number | null;
}

export const PLAIN_ISSUANCE: IssuanceTerms = { minimumReceipt: null, ceiling: null, validDays: null };

/** What an offer gives and how often. A null amount or limit is none. */
export interface OfferConditions {
  readonly reward: Reward;
  readonly minimumSpend: Money | null;
  readonly maximumDiscount: Money | null;
  readonly perCodeLimit: number | null;
  readonly perCustomerLimit: number | null;
  readonly totalLimit: number | null;
  readonly dailyLimit: number | null;
  readonly issuance: IssuanceTerms;
}

/** One leg: the issuer hands codes out, the redeemer takes them. Who they are never changes: codes hang on it. */
export interface Offer {
  readonly id: string;
  readonly issuerPartnerId: string;
  readonly redeemerPartnerId: string;
  readonly conditions: OfferConditions;
}

/** What the participants agree on: one version of everything in a campaign that needs their approval, and its name. */
export interface Agreement {
  readonly name: string;
  readonly kind: CampaignKind;
  readonly currency: string;
  readonly timeZone: string;
  readonly participants: readonly Participant[];
  readonly terms: CampaignTerms;
  readonly offers: readonly Offer[];
}
