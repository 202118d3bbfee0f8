import { describe, expect, it } from '@jest/globals';
import { ratio } from '../kernel/ratio.js';
import { buildReport, compareReports } from './domain/build-report.js';
import { GROUP_BY, type GroupBy } from './domain/dimensions.js';
import { renderReport } from './domain/report-answer.js';
import type { ReportSource } from './domain/report-source.js';
import { comparisonQuery, reportQuery, reportResponse } from './reports.dto.js';

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
  costs: [{ day: '2026-06-01', currency: 'JPY', amount: 5_00n, unconverted: 0n }],
  dayRates: [
    {
      ...{
        base: 'JPY',
        quote: 'EUR',
        day: '2026-06-01',
        rate: '160',
        isInverse: true,
        validFrom: '2026-05-29',
      },
      perMinor: ratio(5n, 8n),
    },
  ],
  coupons: [],
  offers: [{ id: OFFER, issuerPartnerId: GYM, redeemerPartnerId: GYM, label: '1: 10 %' }],
  placements: [{ id: PLACEMENT, offerId: OFFER, channelId: DESK, channelName: 'Desk', label: 'flyer' }],
  partnerNames: new Map(),
};

const ALONE: readonly (readonly GroupBy[])[] = GROUP_BY.map((name) => [name]);
const PAIRS = GROUP_BY.flatMap((first) =>
  GROUP_BY.filter((second) => second !== first).map((second) => [first, second]),
);

describe('reportResponse', () => {
  it.each([[], ...ALONE, ...PAIRS].map((groupBy) => [groupBy.join(), groupBy] as const))(
    'is the shape of a report grouped by "%s", nothing missing and nothing more',
    (_, groupBy) => {
      const report = buildReport(SOURCE, { groupBy });
      const answer = renderReport(compareReports(report, report));
      expect(answer.groups === undefined).toBe(groupBy.length === 0);
      expect(answer.groups).not.toEqual([]);
      expect(reportResponse.parse(answer)).toEqual(answer);
    },
  );
});

describe('reportQuery', () => {
  it('everything is optional', () => {
    expect(reportQuery.parse({})).toEqual({});
  });

  it('takes one or two groupings', () => {
    expect(reportQuery.parse({ groupBy: 'partner,week' }).groupBy).toEqual(['partner', 'week']);
  });

  it.each([
    { from: '2026-02-30' },
    { to: '2026-6-1' },
    { groupBy: 'clerk' },
    { groupBy: '' },
    { groupBy: 'day,day' },
    { groupBy: 'day,clerk' },
    { groupBy: 'day,' },
    { groupBy: 'partner,offer,day' },
    { groupBy: ['partner', 'day'] },
    { channelId: 'desk' },
    { compareFrom: '2026-06-01' },
    { compareTo: '2026-06-01' },
    { until: '2026-06-01' },
  ])('%j is refused', (query) => {
    expect(reportQuery.safeParse(query).success).toBe(false);
  });
});

describe('comparisonQuery', () => {
  it('takes campaigns with commas, each once', () => {
    expect(comparisonQuery.parse({ campaignIds: `${CAMPAIGN},${GYM}` }).campaignIds).toEqual([CAMPAIGN, GYM]);
  });

  it.each(['', 'none', `${CAMPAIGN},`, `${CAMPAIGN},${CAMPAIGN}`, Array(21).fill(CAMPAIGN).join()])(
    '"%s" is refused',
    (campaignIds) => {
      expect(comparisonQuery.safeParse({ campaignIds }).success).toBe(false);
    },
  );
});
