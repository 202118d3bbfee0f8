import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Figure } from '../../kernel/figure.js';
import { isoWeek } from '../../kernel/period.js';
import { addRatio, divideRatio, multiplyRatio, ratio, type Ratio } from '../../kernel/ratio.js';
import { buildReport, compareReports, isTooFine } from './build-report.js';
import { type MetricName, METRICS, type ReportFigures } from './compute-figures.js';
import { GROUP_BY, type GroupBy, type GroupKey } from './dimensions.js';
import { receiptGrains, type ReceiptGrain, type ReportCut, resolveFilter } from './report-cut.js';
import type { ReceiptCell, RedemptionCell, ReportSource } from './report-source.js';

// The gym takes codes of two offers at two tills, the café those of a third at one.
const PLACEMENTS = [
  { placementId: 'flyer', offerId: 'offer-1', redeemerPartnerId: 'gym' },
  { placementId: 'door', offerId: 'offer-1', redeemerPartnerId: 'gym' },
  { placementId: 'radio', offerId: 'offer-2', redeemerPartnerId: 'gym' },
  { placementId: 'back', offerId: 'offer-3', redeemerPartnerId: 'cafe' },
] as const;
const TILLS = { gym: ['desk', 'shop'], cafe: ['till'] } as const;
const PERIOD = { from: '2026-05-29', to: '2026-06-11' };
const DAYS = [
  '2026-05-29',
  '2026-05-31',
  '2026-06-01',
  '2026-06-02',
  '2026-06-07',
  '2026-06-08',
  '2026-06-10',
];

/** One sale with the codes on it. */
interface Sale {
  readonly redeemerPartnerId: 'gym' | 'cafe';
  readonly channelId: string;
  readonly day: string;
  readonly placementIds: readonly string[];
  readonly revenue: bigint;
}

const anySale = fc
  .record({
    redeemerPartnerId: fc.constantFrom('gym' as const, 'gym' as const, 'cafe' as const),
    till: fc.nat({ max: 1 }),
    day: fc.constantFrom(...DAYS),
    codes: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 3 }),
    revenue: fc.bigInt(0n, 90_00n),
  })
  .map(({ redeemerPartnerId, till, day, codes, revenue }): Sale => {
    const own = PLACEMENTS.filter((placement) => placement.redeemerPartnerId === redeemerPartnerId);
    const placementIds = codes.map((code) => own[code % own.length]?.placementId ?? '');
    const tills = TILLS[redeemerPartnerId];
    return { redeemerPartnerId, channelId: tills[till % tills.length] ?? '', day, placementIds, revenue };
  });
const anySales = fc.array(anySale, { maxLength: 12 });

const offerOf = (placementId: string): string =>
  PLACEMENTS.find((placement) => placement.placementId === placementId)?.offerId ?? '';

const cellOf = (sale: Sale, placementId: string): RedemptionCell => ({
  ...{ redeemerPartnerId: sale.redeemerPartnerId, offerId: offerOf(placementId), placementId },
  ...{ channelId: sale.channelId, day: sale.day, redemptions: 1n, couponRedemptions: 0n },
  ...{ unknownCustomers: 1n, refusals: 1n, discount: 1_00n, giftCost: 0n, leakage: 50n, offlineLeakage: 0n },
  ...{ newCustomers: 1n, returningCustomers: 0n, returningAfterAbsence: 0n },
  ...{ claimedNew: 0n, claimedReturning: 0n, unconverted: 0n, unconvertedLeakage: 0n },
});

/** A receipt counts once in each group of the grain, as the rollup has it. */
const receiptsOf = (sale: Sale, grain: ReceiptGrain): ReceiptCell[] => {
  const groups = {
    campaign: ['campaign'],
    offer: sale.placementIds.map(offerOf),
    placement: sale.placementIds,
  };
  return [...new Set(groups[grain])].map((groupId) => ({
    ...{ redeemerPartnerId: sale.redeemerPartnerId, groupId, channelId: sale.channelId, day: sale.day },
    ...{
      promoReceipts: 1n,
      revenue: sale.revenue,
      costedRevenue: 0n,
      costOfGoods: 0n,
      unconvertedReceipts: 0n,
    },
  }));
};

/** What the rollups would answer for a period and a cut. */
const sourceOf = (all: readonly Sale[], cut: ReportCut = {}, period = PERIOD): ReportSource => {
  const sales = all.filter(({ day }) => day >= period.from && day < period.to);
  const { total, groups } = receiptGrains(cut);
  const channel = (id: string, partnerId: string) => ({
    ...{ id, partnerId, name: id, canRedeem: true, marginRate: ratio(1n, 5n), currency: 'EUR' },
  });
  const inPeriod = <T extends { day: string }>(items: T[]) =>
    items.filter(({ day }) => day >= period.from && day < period.to);
  return {
    ...{ campaignId: 'campaign', currency: 'EUR', incomeBasis: 'revenue', period, asOf: '2026-08-01' },
    cells: sales.flatMap((sale) => sale.placementIds.map((id) => cellOf(sale, id))),
    receipts: sales.flatMap((sale) => receiptsOf(sale, total)),
    groupReceipts: groups === total ? [] : sales.flatMap((sale) => receiptsOf(sale, groups)),
    channels: [channel('desk', 'gym'), channel('shop', 'gym'), channel('till', 'cafe')],
    channelDays: inPeriod(
      [...TILLS.gym, ...TILLS.cafe].flatMap((channelId) =>
        DAYS.slice(2).map((day) => ({
          ...{ channelId, day, singleReceipts: 0n, singleRevenue: 0n },
          ...{ totalReceipts: 20n, totalRevenue: 900_00n },
        })),
      ),
    ),
    dayRates: [],
    costs: inPeriod([
      { day: '2026-05-31', currency: 'EUR', amount: 10_00n, unconverted: 0n },
      { day: '2026-06-10', currency: 'EUR', amount: 5_00n, unconverted: 0n },
    ]),
    coupons: [],
    offers: [
      { id: 'offer-1', issuerPartnerId: 'cafe', redeemerPartnerId: 'gym', label: '1' },
      { id: 'offer-2', issuerPartnerId: 'cafe', redeemerPartnerId: 'gym', label: '2' },
      { id: 'offer-3', issuerPartnerId: 'gym', redeemerPartnerId: 'cafe', label: '3' },
    ],
    placements: PLACEMENTS.map(({ placementId, offerId }) => ({
      ...{ id: placementId, offerId, channelId: null, channelName: null, label: placementId },
    })),
    partnerNames: new Map([
      ['cafe', 'Café'],
      ['gym', 'Gym'],
    ]),
  };
};

/** The sales of a group, found one by one. */
const salesOf = (sales: readonly Sale[], { channelId, ...key }: GroupKey): Sale[] =>
  sales.filter(
    (sale) =>
      (key.partnerId ?? sale.redeemerPartnerId) === sale.redeemerPartnerId &&
      (key.day ?? sale.day) === sale.day &&
      (key.week ?? isoWeek(sale.day)) === isoWeek(sale.day) &&
      (channelId ?? sale.channelId) === sale.channelId &&
      sale.placementIds.some(
        (id) => (key.placementId ?? id) === id && (key.offerId ?? offerOf(id)) === offerOf(id),
      ),
  );

const valueOf = (figure: Figure): Ratio | undefined => ('undefined' in figure ? undefined : figure.value);
const total = (amounts: readonly bigint[]): bigint => amounts.reduce((sum, amount) => sum + amount, 0n);
const PAIRS = GROUP_BY.flatMap((first) =>
  GROUP_BY.filter((second) => second !== first).map((second): [GroupBy, GroupBy] => [first, second]),
);
// Each run builds whole reports, and there are thirty pairs.
const RUNS = { numRuns: 6 };

describe('a report grouped by two dimensions', () => {
  it.each(PAIRS)('by %s and %s counts the receipts of every group exactly', (first, second) => {
    const cut = { groupBy: [first, second] };
    fc.assert(
      fc.property(anySales, (sales) => {
        const { groups = [] } = buildReport(sourceOf(sales, cut), cut);
        for (const { key, figures } of groups) {
          const own = salesOf(sales, key);
          expect(valueOf(figures.promoReceipts)).toEqual(ratio(BigInt(own.length), 1n));
          expect(valueOf(figures.revenue)).toEqual(ratio(total(own.map(({ revenue }) => revenue)), 100n));
        }
        // Nothing falls between the groups: redemptions have one place and one day.
        const counted = groups.map(({ figures }) => valueOf(figures.acceptedRedemptions)?.numerator ?? 0n);
        expect(total(counted)).toBe(BigInt(sales.flatMap(({ placementIds }) => placementIds).length));
      }),
      RUNS,
    );
  });

  it.each(PAIRS)('by %s and %s has the same groups as the other way round', (first, second) => {
    const keys = (groupBy: readonly GroupBy[]) =>
      buildReport(sourceOf([], { groupBy }), { groupBy }).groups?.map(({ key }) => key) ?? [];
    const [some, others] = [keys([first, second]), keys([second, first])];
    expect(some).toHaveLength(others.length);
    expect(others).toEqual(expect.arrayContaining(some));
  });

  it('has no group of what cannot meet, and keeps the order of its dimensions', () => {
    const { groups } = buildReport(sourceOf([]), { groupBy: ['offer', 'channel'] });
    expect(groups?.map(({ label }) => label)).toEqual([
      '1, Café to Gym, Gym, desk',
      '1, Café to Gym, Gym, shop',
      '2, Café to Gym, Gym, desk',
      '2, Café to Gym, Gym, shop',
      '3, Gym to Café, Café, till',
    ]);
  });

  it('of placements and channels names the channel that redeemed', () => {
    const [group] = buildReport(sourceOf([]), { groupBy: ['placement', 'channel'] }).groups ?? [];
    expect(group?.key).toEqual({ placementId: 'door', label: 'door', channelId: 'desk' });
  });

  it('sets a channel and day against the receipts of just that channel-day', () => {
    const { groups = [] } = buildReport(sourceOf([]), { groupBy: ['channel', 'day'] });
    const group = groups.find(({ key }) => key.channelId === 'desk' && key.day === '2026-06-01');
    expect(group?.figures.allReceipts).toMatchObject({ value: ratio(20n, 1n) });
    expect(group?.figures.coverage).toMatchObject({ value: ratio(1n, 1n) });
  });

  it('by partner and day knows no cost on days with entries, and the exact cost on the others', () => {
    const { groups = [] } = buildReport(sourceOf([]), { groupBy: ['partner', 'day'] });
    const costOn = (day: string) => groups.find(({ key }) => key.day === day)?.figures.cost;
    expect(costOn('2026-05-31')).toMatchObject({ undefined: 'cost-not-allocated' });
    expect(costOn('2026-06-01')).toMatchObject({ value: ratio(0n, 1n) });
  });

  it('is too fine when it makes more groups than an answer should have', () => {
    const period = { from: '2026-06-01', to: '2029-06-01' };
    // 1,096 days: 4 placements are too many, 3 channels are not
    const long = { ...sourceOf([]), period, asOf: '2030-01-01' };
    expect(isTooFine(long, { groupBy: ['placement', 'day'] })).toBe(true);
    expect(isTooFine(long, { groupBy: ['channel', 'day'] })).toBe(false);
    expect(isTooFine(long, {})).toBe(false);
  });
});

describe('a filter', () => {
  const filters = {
    partner: (id: string) => ({ partnerId: id }),
    channel: (id: string) => ({ channelId: id }),
    placement: (id: string) => ({ placementId: id }),
    offer: (id: string) => ({ offerId: id }),
  };

  it.each(['partner', 'channel', 'placement', 'offer'] as const)(
    'by one %s answers what the group of it does',
    (name) => {
      fc.assert(
        fc.property(anySales, (sales) => {
          const grouped = { groupBy: [name] };
          const { groups = [] } = buildReport(sourceOf(sales, grouped), grouped);
          for (const { key, figures } of groups) {
            const id = key[`${name}Id`] ?? '';
            const filter = filters[name](id);
            expect(buildReport(sourceOf(sales, { filter }), { filter }).figures).toEqual(figures);
          }
        }),
        RUNS,
      );
    },
  );

  it.each(PAIRS)('and groups by %s and %s still count exactly', (first, second) => {
    const filter = { offerId: 'offer-1' };
    const cut = { filter, groupBy: [first, second] };
    fc.assert(
      fc.property(anySales, (sales) => {
        const report = buildReport(sourceOf(sales, cut), cut);
        const own = salesOf(sales, filter);
        expect(valueOf(report.figures.promoReceipts)).toEqual(ratio(BigInt(own.length), 1n));
        for (const { key, figures } of report.groups ?? []) {
          const count = salesOf(sales, { ...filter, ...key }).length;
          expect(valueOf(figures.promoReceipts)).toEqual(ratio(BigInt(count), 1n));
        }
      }),
      RUNS,
    );
  });

  it('that contradicts itself leaves nothing, and no made-up number', () => {
    const cut = { filter: { partnerId: 'cafe', channelId: 'desk' }, groupBy: ['day' as const] };
    const { figures } = buildReport(sourceOf([]), cut);
    expect(figures.acceptedRedemptions).toMatchObject({ value: ratio(0n, 1n) });
    expect(figures.coverage).toMatchObject({ undefined: 'no-channel-days' });
  });

  it.each([
    { partnerId: 'bank' },
    { channelId: 'none' },
    { offerId: 'none' },
    { placementId: 'none' },
    { partnerId: 'gym', offerId: 'none' },
  ])('%j is not of this campaign', (filter) => {
    expect(resolveFilter(sourceOf([]), filter)).toBeUndefined();
  });
});

/** What adds up over days; shares, averages and prices do not. */
const ADDITIVE = [
  ...['acceptedRedemptions', 'refusals', 'promoReceipts', 'allReceipts', 'revenue', 'discountGiven'],
  ...['leakage', 'margin', 'cost', 'income', 'newCustomers', 'returningCustomers', 'unknownCustomers'],
] as MetricName[];

describe('any report', () => {
  const anyDay = fc.integer({ min: 1, max: 12 }).map((days) => `2026-06-${String(days).padStart(2, '0')}`);

  it('of a period is the sum of the reports of its parts, in what can be added', () => {
    const middle = fc.constantFrom('2026-05-30', ...DAYS.slice(1));
    fc.assert(
      fc.property(anySales, middle, (sales, day) => {
        const whole = buildReport(sourceOf(sales)).figures;
        const parts = [
          buildReport(sourceOf(sales, {}, { from: PERIOD.from, to: day })).figures,
          buildReport(sourceOf(sales, {}, { from: day, to: PERIOD.to })).figures,
        ];
        for (const name of ADDITIVE) {
          const sum = parts.map((figures) => valueOf(figures[name]) ?? ratio(0n, 1n)).reduce(addRatio);
          expect([name, sum]).toEqual([name, valueOf(whole[name]) ?? ratio(0n, 1n)]);
        }
      }),
      RUNS,
    );
  });

  const HUNDRED = ratio(100n, 1n);
  /** The parts that make each ratio, and by what the quotient is multiplied. */
  const RATIOS: Partial<Record<MetricName, readonly [string, string, Ratio]>> = {
    coverage: ['coveredChannelDays', 'channelDays', ratio(1n, 1n)],
    promoRating: ['promoReceipts', 'allReceipts', HUNDRED],
    averageReceipt: ['revenue', 'promoReceipts', ratio(1n, 1n)],
    averageOtherReceipt: ['otherRevenue', 'otherReceipts', ratio(1n, 1n)],
    roi: ['income', 'cost', ratio(1n, 1n)],
    cac: ['cost', 'newCustomers', ratio(1n, 1n)],
  };

  it('tells the parts that make its ratios', () => {
    fc.assert(
      fc.property(anySales, (sales) => {
        const { figures } = buildReport(sourceOf(sales));
        for (const [name, [over, under, factor]] of Object.entries(RATIOS)) {
          const figure: Figure = figures[name as keyof ReportFigures];
          const [numerator, denominator] = [figure.parts?.[over], figure.parts?.[under]];
          if ('undefined' in figure || !numerator || !denominator) continue;
          expect(multiplyRatio(divideRatio(numerator.value, denominator.value), factor)).toEqual(
            figure.value,
          );
        }
      }),
      RUNS,
    );
  });

  it('less itself is nothing, and undefined stays undefined with its reason', () => {
    fc.assert(
      fc.property(anySales, anyDay, (sales, from) => {
        const report = buildReport(sourceOf(sales, {}, { from, to: '2026-06-20' }));
        const { differences } = compareReports(report, report).comparison ?? {};
        for (const name of METRICS) {
          const figure: Figure = report.figures[name];
          const expected = 'undefined' in figure ? { undefined: figure.undefined } : { value: ratio(0n, 1n) };
          expect(differences?.[name]).toMatchObject(expected);
        }
      }),
      RUNS,
    );
  });

  it('is larger than another by the difference', () => {
    fc.assert(
      fc.property(anySales, anySales, (sales, others) => {
        const [report, other] = [buildReport(sourceOf(sales)), buildReport(sourceOf(others))];
        const { differences } = compareReports(report, other).comparison ?? {};
        for (const name of METRICS) {
          const [figure, difference] = [other.figures[name], differences?.[name]];
          if (!difference || 'undefined' in difference || 'undefined' in figure) continue;
          expect(addRatio(difference.value, figure.value)).toEqual(valueOf(report.figures[name]));
        }
      }),
      RUNS,
    );
  });
});
