/** The companies of the demo, what they agree on and where their customers meet them. Amounts are cents. */

export const TIME_ZONE = 'Europe/Berlin';
export const CURRENCY = 'EUR';

export type PartnerName = 'gym' | 'cafe' | 'market';
export type ChannelName = 'reception' | 'webShop' | 'counter' | 'app' | 'tills' | 'receiptPrint';

export const PARTNERS = {
  gym: { name: 'Iron Gym', industry: 'fitness', priceSegment: 'middle', role: 'equal' },
  cafe: { name: 'Café Aurora', industry: 'gastronomy', priceSegment: 'middle', role: 'equal' },
  market: { name: 'Hypermarket Nord', industry: 'grocery', priceSegment: 'low', role: 'locomotive' },
} as const;
export const PARTNER_NAMES = Object.keys(PARTNERS) as PartnerName[];

interface ChannelPlan {
  readonly partner: PartnerName;
  readonly kind: 'pos' | 'online_shop' | 'app' | 'print';
  readonly name: string;
  readonly marginRate: string | null;
  /** A usual day: how many receipts, and what is on one of them. */
  readonly receipts: number;
  readonly average: number;
}

/** Only the app reports every receipt; the other tills send the sums of a day. */
export const CHANNELS: Readonly<Record<ChannelName, ChannelPlan>> = {
  reception: {
    ...{ partner: 'gym', kind: 'pos', name: 'Reception' },
    ...{ marginRate: '0.60', receipts: 110, average: 3_150 },
  },
  webShop: {
    ...{ partner: 'gym', kind: 'online_shop', name: 'Web shop' },
    ...{ marginRate: '0.35', receipts: 34, average: 4_480 },
  },
  counter: {
    ...{ partner: 'cafe', kind: 'pos', name: 'Counter' },
    ...{ marginRate: '0.55', receipts: 260, average: 860 },
  },
  app: {
    ...{ partner: 'cafe', kind: 'app', name: 'Aurora app' },
    ...{ marginRate: '0.50', receipts: 58, average: 1_020 },
  },
  tills: {
    ...{ partner: 'market', kind: 'pos', name: 'Tills' },
    ...{ marginRate: '0.22', receipts: 1_900, average: 3_140 },
  },
  receiptPrint: {
    ...{ partner: 'market', kind: 'print', name: 'Till receipts' },
    ...{ marginRate: null, receipts: 0, average: 0 },
  },
};
export const CHANNEL_NAMES = Object.keys(CHANNELS) as ChannelName[];

/** The campaign runs for 45 days, of which 16 have passed when the demo is set up; the last 14 of them are told. */
export const DAYS_SINCE_START = 16;
export const DAYS_TOLD = 14;
export const DAYS_LEFT = 28;

export type OfferName = 'gymToCafe' | 'cafeToGym' | 'marketToGym';

interface OfferPlan {
  readonly issuer: PartnerName;
  readonly redeemer: PartnerName;
  /** Percent of the receipt, or an amount off it. */
  readonly reward: { readonly percent: number } | { readonly amount: number };
  readonly minimumSpend: number | null;
  readonly maximumDiscount: number | null;
}
export const OFFERS: Readonly<Record<OfferName, OfferPlan>> = {
  gymToCafe: {
    ...{ issuer: 'gym', redeemer: 'cafe', reward: { percent: 10 } },
    ...{ minimumSpend: null, maximumDiscount: null },
  },
  cafeToGym: {
    ...{ issuer: 'cafe', redeemer: 'gym', reward: { percent: 20 } },
    ...{ minimumSpend: 20_00, maximumDiscount: 15_00 },
  },
  marketToGym: {
    ...{ issuer: 'market', redeemer: 'gym', reward: { amount: 15_00 } },
    ...{ minimumSpend: 50_00, maximumDiscount: null },
  },
};
export const OFFER_NAMES = Object.keys(OFFERS) as OfferName[];

interface WordPlan {
  readonly word: string;
  readonly offer: OfferName;
  readonly channel: ChannelName;
  readonly label: string;
  readonly maxRedemptions?: number;
}
export const WORDS: readonly WordPlan[] = [
  { word: 'GYM10', offer: 'gymToCafe', channel: 'reception', label: 'flyer at reception' },
  { word: 'STRONG COFFEE', offer: 'gymToCafe', channel: 'webShop', label: 'order confirmation' },
  { word: 'CAFE20', offer: 'cafeToGym', channel: 'counter', label: 'table card' },
  {
    ...{ word: 'AURORA FIRST 30', offer: 'cafeToGym', channel: 'app', label: 'push message' },
    maxRedemptions: 30,
  },
];

/** Certificates that the hypermarket prints on receipts over 50 EUR. */
export const COUPONS = {
  offer: 'marketToGym',
  quantity: 500,
  pattern: 'FIT-####-####-##',
  channel: 'receiptPrint',
  label: 'receipts over 50 EUR',
} as const;

interface CostPlan {
  readonly category: string;
  readonly payer: PartnerName;
  readonly amount: number;
  /** Days after the start of the campaign. */
  readonly day: number;
  readonly planned: boolean;
}
export const COSTS: readonly CostPlan[] = [
  { category: 'flyers', payer: 'gym', amount: 200_00, day: 0, planned: true },
  { category: 'flyers', payer: 'gym', amount: 184_50, day: 0, planned: false },
  { category: 'staff training', payer: 'cafe', amount: 120_00, day: 0, planned: false },
  { category: 'coupon printing', payer: 'market', amount: 95_00, day: 1, planned: false },
  { category: 'photo report', payer: 'gym', amount: 150_00, day: 12, planned: true },
];
