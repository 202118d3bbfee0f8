import { describe, expect, it } from '@jest/globals';
import type { GroupBy } from './domain/groupings.js';
import { buildReport } from './domain/build-report.js';
import { renderReport } from './domain/report-answer.js';
import type { ReportSource } from './domain/report-source.js';
import { reportQuery, reportResponse } from './reports.dto.js';

const id = (number: number): string => `0197a000-0000-7000-8000-00000000000${number}`;
const [CAMPAIGN, GYM, DESK, OFFER, PLACEMENT] = [id(1), id(2), id(3), id(4), id(5)];
const SOURCE: ReportSource = {
  campaignId: CAMPAIGN,
  currency: 'EUR',
  incomeBasis: 'margin',
  period: { from: '2026-06-01', to: '2026-07-01' },
  asOf: '2026-06-30',
  cells: [],
  receipts: [],
  groupReceipts: [],
  channels: [{ id: DESK, partnerId: GYM, name: 'Desk', canRedeem: true, marginRate: null, currency: 'EUR' }],
  channelDays: [
    {
      channelId: DESK,
      day: '2026-06-01',
      singleReceipts: 0n,
      singleRevenue: 0n,
      totalReceipts: 5n,
      totalRevenue: 50_00n,
    },
  ],
  costs: [{ day: '2026-06-01', amount: 5_00n }],
  coupons: [],
  offers: [{ id: OFFER, issuerPartnerId: GYM, redeemerPartnerId: GYM, label: '1: 10 %' }],
  placements: [{ id: PLACEMENT, offerId: OFFER, channelId: DESK, channelName: 'Desk', label: 'flyer' }],
  partnerNames: new Map(),
};

describe('reportResponse', () => {
  it.each([undefined, 'partner', 'channel', 'placement', 'offer', 'day'] as const)(
    'is the shape of a report grouped by %s, nothing missing and nothing more',
    (groupBy: GroupBy | undefined) => {
      const answer = renderReport(buildReport(SOURCE, groupBy));
      expect(answer.groups?.length).toBe(groupBy && 1);
      expect(reportResponse.parse(answer)).toEqual(answer);
    },
  );
});

describe('reportQuery', () => {
  it('everything is optional', () => {
    expect(reportQuery.parse({})).toEqual({});
  });

  it.each([{ from: '2026-02-30' }, { to: '2026-6-1' }, { groupBy: 'clerk' }, { until: '2026-06-01' }])(
    '%j is refused',
    (query) => {
      expect(reportQuery.safeParse(query).success).toBe(false);
    },
  );
});
