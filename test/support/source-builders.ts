import type { RedemptionCell, ReportSource } from '../../src/reports/domain/report-source.js';

/** What a report is made from when nothing has happened: a gym redeems at its desk what a café hands out. */
export function emptySource(overrides: Partial<ReportSource> = {}): ReportSource {
  return {
    ...{ campaignId: 'campaign', currency: 'EUR', incomeBasis: 'revenue' },
    ...{ period: { from: '2026-06-01', to: '2026-07-01' }, asOf: '2026-08-01' },
    ...{
      cells: [],
      receipts: [],
      groupReceipts: [],
      channelDays: [],
      costs: [],
      coupons: [],
      placements: [],
      dayRates: [],
    },
    channels: [
      { id: 'desk', partnerId: 'gym', name: 'Desk', canRedeem: true, marginRate: null, currency: 'EUR' },
    ],
    offers: [{ id: 'offer', issuerPartnerId: 'cafe', redeemerPartnerId: 'gym', label: '1: 10 %' }],
    partnerNames: new Map([
      ['cafe', 'Café'],
      ['gym', 'Gym'],
    ]),
    ...overrides,
  };
}

/** One redemption at the desk of a customer nobody knows, without a discount. */
export function oneRedemption(day: string, overrides: Partial<RedemptionCell> = {}): RedemptionCell {
  return {
    ...{ redeemerPartnerId: 'gym', offerId: 'offer', placementId: 'flyer', channelId: 'desk', day },
    ...{ redemptions: 1n, couponRedemptions: 0n, unknownCustomers: 1n, refusals: 0n, discount: 0n },
    ...{
      giftCost: 0n,
      leakage: 0n,
      offlineLeakage: 0n,
      unconverted: 0n,
      unconvertedLeakage: 0n,
      newCustomers: 0n,
      returningCustomers: 0n,
    },
    ...{ returningAfterAbsence: 0n, claimedNew: 0n, claimedReturning: 0n },
    ...overrides,
  };
}
