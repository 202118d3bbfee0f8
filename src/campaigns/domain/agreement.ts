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

/** What an offer gives and how often. A null amount or limit is none. */
export interface OfferConditions {
  readonly reward: Reward;
  readonly minimumSpend: Money | null;
  readonly maximumDiscount: Money | null;
  readonly perCodeLimit: number | null;
  readonly perCustomerLimit: number | null;
  readonly totalLimit: number | null;
  readonly dailyLimit: number | null;
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
