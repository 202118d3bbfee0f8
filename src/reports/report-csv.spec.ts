import { describe, expect, it } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import type { CampaignReport } from './domain/build-report.js';
import { computeFigures, METRICS } from './domain/compute-figures.js';
import { renderReport } from './domain/report-answer.js';
import { emptyFacts, type ScopeFacts } from './domain/scope-facts.js';
import { renderReportCsv } from './report-csv.js';

// 10.00 of revenue for 4.00 of discount, at a loss of 2.00 of margin.
const FACTS: ScopeFacts = {
  ...emptyFacts('EUR', 'margin'),
  redemptions: 1n,
  discount: 4_00n,
  returningCustomers: 1n,
  promoReceipts: 1n,
  channelRevenues: [{ revenue: 10_00n, costedRevenue: 10_00n, costOfGoods: 12_00n, marginRate: null }],
};
const buildReport = (label: string): CampaignReport => ({
  campaignId: '0197a000-0000-7000-8000-000000000001',
  period: { from: '2026-06-01', to: '2026-07-01' },
  currency: 'EUR',
  incomeBasis: 'margin',
  figures: computeFigures(FACTS),
  groupBy: ['placement'],
  groups: [
    {
      key: { placementId: '0197a000-0000-7000-8000-000000000002', label, channelId: null },
      label,
      figures: computeFigures(FACTS),
    },
  ],
});
const rowsOf = (label = 'Flyer'): Record<string, string>[] =>
  parse(renderReportCsv(renderReport(buildReport(label))), { columns: true });

describe('renderReportCsv', () => {
  it('has a row per group and metric, the whole first', () => {
    const rows = rowsOf();
    expect(rows).toHaveLength(2 * METRICS.length);
    expect(rows.slice(0, METRICS.length).map(({ groupBy, metric }) => [groupBy, metric])).toEqual(
      METRICS.map((metric) => ['total', metric]),
    );
    expect(rows.at(-1)).toMatchObject({
      groupBy: 'placement',
      group: '0197a000-0000-7000-8000-000000000002',
      groupLabel: 'Flyer',
    });
  });

  it('says what a ratio was made from, numerator first, and the verdict with its basis', () => {
    // -2.00 / 4.00 = -0.5
    expect(rowsOf().find(({ metric }) => metric === 'roi')).toMatchObject({
      ...{ value: '-0.5', unit: 'ratio', undefined: '', verdict: 'failed', basis: 'margin' },
      ...{ part1: 'income', part1Value: '-2.00', part2: 'cost', part2Value: '4.00', part3: '' },
    });
  });

  it('says why there is no value', () => {
    expect(rowsOf().find(({ metric }) => metric === 'cac')).toMatchObject({
      ...{ value: '', unit: '', undefined: 'no-new-customers' },
    });
  });

  it('has room for every part of every metric', () => {
    const { figures } = renderReport(buildReport(''));
    for (const row of rowsOf().slice(0, METRICS.length)) {
      const parts = [1, 2, 3, 4].flatMap((n) =>
        row[`part${n}`] ? [[row[`part${n}`], row[`part${n}Value`]]] : [],
      );
      const metric = METRICS.find((name) => name === row['metric']);
      expect(Object.fromEntries(parts)).toEqual((metric && figures[metric].parts) ?? {});
    }
  });

  it.each(['=1+1', '+1', '-1', '@sum(A1)', '\tx', '\rx'])(
    'the label %j does not run as a formula',
    (label) => {
      expect(rowsOf(label).at(-1)?.['groupLabel']).toBe(`'${label}`);
    },
  );

  it('a negative number stays a number', () => {
    expect(rowsOf().find(({ metric }) => metric === 'margin')?.['value']).toBe('-2.00');
  });

  it('quotes as RFC 4180 says, with CRLF', () => {
    const csv = renderReportCsv(renderReport(buildReport('Flyer "A",\nred')));
    expect(csv).toContain(',"Flyer ""A"",\nred",acceptedRedemptions,1,count,');
    expect(csv.split('\r\n')).toHaveLength(1 + 2 * METRICS.length + 1);
  });
});
