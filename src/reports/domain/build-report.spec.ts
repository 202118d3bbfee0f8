import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addRatio, ratio, type Ratio } from '../../kernel/ratio.js';
import type { DayRate } from '../../rates/domain/day-rate.js';
import { minorRatio } from '../../rates/domain/exchange-rate.js';
import { buildReport, type CampaignReport } from './build-report.js';
import type { MetricName } from './compute-figures.js';
import { GROUP_BY, type GroupBy } from './dimensions.js';
import { renderReport } from './report-answer.js';
import type {
  ChannelDay,
  ReceiptCell,
  RedemptionCell,
  ReportChannel,
  ReportSource,
} from './report-source.js';

// Café and gym send each other guests; the café also prints posters. Offer 1: café to gym, offer 2: gym to café.
const CHANNELS: readonly ReportChannel[] = [
  ['desk', 'gym', 'Desk', true],
  ['shop', 'gym', 'Shop', true],
  ['till', 'cafe', 'Till', true],
  ['poster', 'cafe', 'Poster', false],
].map(([id, partnerId, name, canRedeem]) => ({
  id: String(id),
  partnerId: String(partnerId),
  name: String(name),
  canRedeem: canRedeem === true,
  marginRate: ratio(1n, 5n),
  currency: 'EUR',
}));

const cell = (overrides: Partial<RedemptionCell> = {}): RedemptionCell => ({
  redeemerPartnerId: 'gym',
  offerId: 'offer-1',
  placementId: 'flyer',
  channelId: 'desk',
  day: '2026-06-01',
  redemptions: 1n,
  couponRedemptions: 0n,
  unknownCustomers: 0n,
  refusals: 0n,
  discount: 1_00n,
  giftCost: 0n,
  leakage: 0n,
  offlineLeakage: 0n,
  unconverted: 0n,
  unconvertedLeakage: 0n,
  newCustomers: 1n,
  returningCustomers: 0n,
  returningAfterAbsence: 0n,
  claimedNew: 0n,
  claimedReturning: 0n,
  ...overrides,
});
const receipt = (overrides: Partial<ReceiptCell> = {}): ReceiptCell => ({
  redeemerPartnerId: 'gym',
  groupId: 'campaign',
  channelId: 'desk',
  day: '2026-06-01',
  promoReceipts: 1n,
  revenue: 9_00n,
  costedRevenue: 0n,
  costOfGoods: 0n,
  unconvertedReceipts: 0n,
  ...overrides,
});
const totals = (
  channelId: string,
  day: string,
  receipts: bigint,
  revenue = receipts * 10_00n,
): ChannelDay => ({
  channelId,
  day,
  singleReceipts: 0n,
  singleRevenue: 0n,
  totalReceipts: receipts,
  totalRevenue: revenue,
});

const yen = (day: string, rate: string, validFrom = day): DayRate => ({
  ...{ base: 'JPY', quote: 'EUR', day, rate, validFrom, isInverse: false },
  perMinor: minorRatio({ base: 'JPY', quote: 'EUR', rate }),
});
const cost = (day: string, minor: bigint, unconverted = 0n) => ({
  ...{ day, currency: 'EUR', amount: minor, unconverted },
});

const buildSource = (overrides: Partial<ReportSource> = {}): ReportSource => ({
  campaignId: 'campaign',
  currency: 'EUR',
  incomeBasis: 'revenue',
  period: { from: '2026-06-01', to: '2026-07-01' },
  asOf: '2026-08-01',
  cells: [],
  receipts: [],
  groupReceipts: [],
  channels: CHANNELS,
  channelDays: [],
  costs: [],
  dayRates: [],
  coupons: [],
  offers: [
    { id: 'offer-1', issuerPartnerId: 'cafe', redeemerPartnerId: 'gym', label: '1: 10 %' },
    { id: 'offer-2', issuerPartnerId: 'gym', redeemerPartnerId: 'cafe', label: '2: Espresso' },
  ],
  placements: [
    { id: 'flyer', offerId: 'offer-1', channelId: 'poster', channelName: 'Poster', label: 'at the door' },
    { id: 'any', offerId: 'offer-1', channelId: null, channelName: null, label: '' },
    { id: 'back', offerId: 'offer-2', channelId: null, channelName: null, label: '' },
  ],
  partnerNames: new Map([
    ['cafe', 'Café'],
    ['gym', 'Gym'],
  ]),
  ...overrides,
});

const shown = (report: CampaignReport, name: MetricName): unknown => renderReport(report).figures[name];
const groups = (source: ReportSource, groupBy: GroupBy) =>
  renderReport(buildReport(source, { groupBy: [groupBy] })).groups ?? [];

describe('channel-days in scope', () => {
  it('are those of every channel of a redeemer that can redeem, on every day of the period', () => {
    // desk, shop and till on 30 days; nobody redeems on a poster
    expect(shown(buildReport(buildSource()), 'coverage')).toMatchObject({ parts: { channelDays: '90' } });
  });

  it('end today', () => {
    const source = buildSource({ asOf: '2026-06-10' });
    expect(shown(buildReport(source), 'coverage')).toMatchObject({ parts: { channelDays: '30' } });
    expect(shown(buildReport(buildSource({ asOf: '2026-05-31' })), 'coverage')).toMatchObject({
      undefined: 'no-channel-days',
    });
  });

  it('reach to tomorrow where a till further east has already sold something', () => {
    const source = buildSource({ asOf: '2026-06-10', channelDays: [totals('till', '2026-06-11', 5n)] });
    expect(shown(buildReport(source), 'coverage')).toMatchObject({
      parts: { coveredChannelDays: '1', channelDays: '33' },
    });
  });

  it('include a channel that took a code although its kind does not', () => {
    const source = buildSource({ cells: [cell({ channelId: 'poster', redeemerPartnerId: 'cafe' })] });
    expect(shown(buildReport(source), 'coverage')).toMatchObject({ parts: { channelDays: '120' } });
  });

  it('leave out the channels of a partner that only hands codes out', () => {
    const source = buildSource({ offers: buildSource().offers.slice(0, 1) });
    expect(shown(buildReport(source), 'coverage')).toMatchObject({ parts: { channelDays: '60' } });
  });
});

describe('receipts of a channel-day', () => {
  it('are the single ones where any were posted, else the total, never both', () => {
    const singles: ChannelDay = {
      ...totals('desk', '2026-06-01', 50n),
      singleReceipts: 40n,
      singleRevenue: 400_00n,
    };
    const source = buildSource({ channelDays: [singles, totals('desk', '2026-06-02', 60n)] });
    expect(shown(buildReport(source), 'allReceipts')).toMatchObject({ value: '100' });
  });

  it('the promo rating leaves out promo receipts of days that nobody counted', () => {
    // 2 of 100 on the first of June; the 3 on the second are not set against anything
    const source = buildSource({
      receipts: [receipt({ promoReceipts: 2n }), receipt({ day: '2026-06-02', promoReceipts: 3n })],
      channelDays: [totals('desk', '2026-06-01', 100n)],
    });
    expect(shown(buildReport(source), 'promoRating')).toMatchObject({ value: '2' });
    expect(shown(buildReport(source), 'promoReceipts')).toMatchObject({ value: '5' });
  });

  it('a day with the total of zero receipts is counted', () => {
    const source = buildSource({ channelDays: [totals('desk', '2026-06-01', 0n)] });
    expect(shown(buildReport(source), 'allReceipts')).toMatchObject({ value: '0' });
  });

  it('in another currency than the campaign count as receipts but not as money', () => {
    const channels = CHANNELS.map((channel) => ({ ...channel, currency: 'JPY' }));
    const source = buildSource({ channels, channelDays: [totals('desk', '2026-06-01', 100n)] });
    expect(shown(buildReport(source), 'allReceipts')).toMatchObject({ value: '100' });
    expect(shown(buildReport(source), 'averageOtherReceipt')).toMatchObject({
      undefined: 'no-exchange-rate',
      parts: { channelDaysWithoutRate: '1', receiptsWithoutRate: '0' },
    });
  });

  it('in another currency are converted at the rate of the day, each channel-day as one amount', () => {
    // 160,001 yen at 160 to the euro = 1,000.00625 EUR = 1,000.01; one promo receipt of 9.00: 991.01 / 99 = 10.010202
    const channels = CHANNELS.map((channel) => ({ ...channel, currency: 'JPY' }));
    const source = buildSource({
      ...{ channels, dayRates: [yen('2026-06-01', '0.00625')], receipts: [receipt()] },
      channelDays: [totals('desk', '2026-06-01', 100n, 160_001n)],
    });
    expect(shown(buildReport(source), 'averageOtherReceipt')).toMatchObject({
      value: '10.01',
      parts: { otherRevenue: '991.01', otherReceipts: '99' },
    });
  });
});

describe('the rates of a report', () => {
  const channels = CHANNELS.map((channel) => ({ ...channel, currency: 'JPY' }));
  const [early, late] = ['0.00625', '0.0065'];

  it('are not there when nothing was converted', () => {
    expect(buildReport(buildSource({ cells: [cell()] })).rates).toBeUndefined();
  });

  it('are those of the days on which something happened, days in a row with one rate together', () => {
    const source = buildSource({
      channels,
      cells: [cell(), cell({ day: '2026-06-02' }), cell({ day: '2026-06-04' })],
      dayRates: [
        ...[yen('2026-06-01', early), yen('2026-06-02', early, '2026-06-01')],
        ...[yen('2026-06-03', late), yen('2026-06-04', late, '2026-06-03')],
      ],
    });
    expect(renderReport(buildReport(source)).rates).toEqual([
      {
        ...{ from: 'JPY', to: 'EUR', rate: early, firstDay: '2026-06-01', lastDay: '2026-06-02' },
        imported: { from: 'JPY', to: 'EUR', date: '2026-06-01', rate: early },
      },
      {
        ...{ from: 'JPY', to: 'EUR', rate: late, firstDay: '2026-06-04', lastDay: '2026-06-04' },
        imported: { from: 'JPY', to: 'EUR', date: '2026-06-03', rate: late },
      },
    ]);
  });
});

describe('facts without an exchange rate', () => {
  const source = buildSource({
    incomeBasis: 'margin',
    cells: [
      cell(),
      cell({ day: '2026-06-02', discount: 0n, unconverted: 1n }),
      cell({ day: '2026-06-02', redemptions: 0n, discount: 0n, refusals: 1n, unconvertedLeakage: 1n }),
    ],
    receipts: [receipt(), receipt({ day: '2026-06-02', revenue: 0n, unconvertedReceipts: 1n })],
    costs: [cost('2026-06-01', 5_00n), cost('2026-06-02', 0n, 2n)],
  });

  it.each([
    ['revenue', { receiptsWithoutRate: '1', convertedRevenue: '9.00' }],
    ['averageReceipt', { receiptsWithoutRate: '1', convertedRevenue: '9.00' }],
    ['margin', { receiptsWithoutRate: '1', convertedRevenue: '9.00' }],
    ['income', { receiptsWithoutRate: '1', convertedRevenue: '9.00' }],
    ['discountGiven', { redemptionsWithoutRate: '1', convertedDiscount: '1.00' }],
    ['leakage', { refusalsWithoutRate: '1', convertedLeakage: '0.00' }],
    ['cost', { costsWithoutRate: '3', convertedCost: '6.00' }],
    ['cac', { costsWithoutRate: '3', convertedCost: '6.00' }],
    [
      'roi',
      { receiptsWithoutRate: '1', convertedRevenue: '9.00', costsWithoutRate: '3', convertedCost: '6.00' },
    ],
  ] as const)(
    'leave %s without a value, and say how many they are and what the others come to',
    (metric, parts) => {
      expect(shown(buildReport(source), metric)).toMatchObject({ undefined: 'no-exchange-rate', parts });
    },
  );

  it.each(['acceptedRedemptions', 'promoReceipts', 'refusals', 'newCustomers'] as const)(
    'leave %s alone',
    (metric) => {
      expect(shown(buildReport(source), metric)).toHaveProperty('value');
    },
  );

  it('leave the days alone that have none', () => {
    const report = renderReport(buildReport(source, { groupBy: ['day'] }));
    const figures = report.groups?.map((group) => group.figures);
    expect(figures?.[0]).toMatchObject({ revenue: { value: '9.00' }, cost: { value: '6.00' } });
    expect(figures?.[1]).toMatchObject({
      revenue: { undefined: 'no-exchange-rate' },
      cost: { undefined: 'no-exchange-rate', parts: { costsWithoutRate: '3' } },
    });
  });

  it('are not forgotten by groups that do not know their share of the costs', () => {
    const [first] =
      renderReport(buildReport({ ...source, cells: [], receipts: [] }, { groupBy: ['partner'] })).groups ??
      [];
    expect(first?.figures.cost).toMatchObject({ undefined: 'cost-not-allocated' });
  });
});

describe('groups', () => {
  const busy = buildSource({
    cells: [
      cell(),
      cell({ placementId: 'any', channelId: 'shop', day: '2026-06-03', couponRedemptions: 1n }),
      cell({
        redeemerPartnerId: 'cafe',
        offerId: 'offer-2',
        placementId: 'back',
        channelId: 'till',
        redemptions: 3n,
      }),
    ],
    receipts: [
      receipt(),
      receipt({ channelId: 'shop', day: '2026-06-03' }),
      receipt({ redeemerPartnerId: 'cafe', channelId: 'till', promoReceipts: 3n }),
    ],
    channelDays: [totals('desk', '2026-06-01', 100n), totals('till', '2026-06-01', 60n)],
    coupons: [{ offerId: 'offer-1', placementId: 'any', coupons: 20n }],
  });

  it('by partner are the redeemers, whatever they issued', () => {
    expect(groups(busy, 'partner')).toMatchObject([
      { key: { partnerId: 'cafe' }, label: 'Café', figures: { promoRating: { value: '5' } } },
      { key: { partnerId: 'gym' }, label: 'Gym', figures: { promoRating: { value: '1' } } },
    ]);
  });

  it('by channel are those in scope, also where nothing happened', () => {
    expect(groups(buildSource(), 'channel').map(({ label }) => label)).toEqual([
      'Café, Till',
      'Gym, Desk',
      'Gym, Shop',
    ]);
  });

  it('by placement say where the code was handed out and name it', () => {
    expect(groups(busy, 'placement').map(({ key, label }) => ({ key, label }))).toEqual([
      { key: { placementId: 'any', label: '', channelId: null }, label: '1: 10 %, Café' },
      {
        key: { placementId: 'flyer', label: 'at the door', channelId: 'poster' },
        label: '1: 10 %, Café, Poster, at the door',
      },
      { key: { placementId: 'back', label: '', channelId: null }, label: '2: Espresso, Gym' },
    ]);
  });

  it('by offer stand in the order of the campaign, against all receipts of their redeemer', () => {
    const source = {
      ...busy,
      groupReceipts: [
        receipt({ groupId: 'offer-1' }),
        receipt({ groupId: 'offer-2', channelId: 'till', promoReceipts: 3n }),
      ],
    };
    expect(groups(source, 'offer')).toMatchObject([
      {
        key: { offerId: 'offer-1' },
        label: '1: 10 %, Café to Gym',
        figures: { promoRating: { value: '1' } },
      },
      {
        key: { offerId: 'offer-2' },
        label: '2: Espresso, Gym to Café',
        figures: { promoRating: { value: '5' } },
      },
    ]);
  });

  it('by day are all days that have come, in their order and without gaps, and those a cost is dated on', () => {
    const source = { ...busy, asOf: '2026-06-04', costs: [cost('2026-06-06', 5_00n)] };
    expect(groups(source, 'day').map(({ label }) => label)).toEqual(
      [1, 2, 3, 4, 5, 6].map((day) => `2026-06-0${day}`),
    );
    expect(groups(source, 'day')[1]?.figures).toMatchObject({
      acceptedRedemptions: { value: '0' },
      revenue: { value: '0.00' },
      promoRating: { undefined: 'no-receipt-totals' },
      roi: { undefined: 'no-cost' },
    });
  });

  it('by week are ISO weeks, the first and the last cut by the period', () => {
    const source = { ...busy, period: { from: '2026-06-03', to: '2026-06-17' } };
    expect(groups(source, 'week').map(({ key }) => key)).toEqual([
      { week: '2026-W23', from: '2026-06-03', to: '2026-06-08' },
      { week: '2026-W24', from: '2026-06-08', to: '2026-06-15' },
      { week: '2026-W25', from: '2026-06-15', to: '2026-06-17' },
    ]);
  });

  it('by day there is none before the period has begun', () => {
    expect(groups(buildSource({ asOf: '2026-05-31' }), 'day')).toEqual([]);
  });

  it('a cell that a reversal brought back to nothing is no data', () => {
    const nothing = Object.fromEntries(
      Object.entries(cell()).map(([name, value]) => [name, typeof value === 'bigint' ? 0n : value]),
    );
    const source = buildSource({
      cells: [{ ...cell(), ...nothing }],
      receipts: [receipt({ promoReceipts: 0n })],
    });
    expect(groups({ ...source, asOf: '2026-05-31' }, 'day')).toEqual([]);
  });

  it('an offer that waits for approval is a group once somebody tried its codes', () => {
    const source = buildSource({ cells: [cell({ offerId: 'offer-3', redemptions: 0n, refusals: 2n })] });
    expect(groups(source, 'offer').at(-1)).toMatchObject({
      key: { offerId: 'offer-3' },
      figures: { refusals: { value: '2' } },
    });
  });

  it.each(['partner', 'channel', 'placement', 'offer'] as const)(
    'by %s have no cost while cost entries belong to the whole campaign',
    (groupBy) => {
      const [first] = groups({ ...busy, costs: [cost('2026-06-20', 5_00n)] }, groupBy);
      const undefinedCost = { undefined: 'cost-not-allocated' };
      expect(first?.figures).toMatchObject({
        cost: { ...undefinedCost, parts: { discountGiven: expect.any(String), giftCost: '0.00' } },
        roi: undefinedCost,
        roiPercent: undefinedCost,
        cac: undefinedCost,
        costPerReturning: undefinedCost,
      });
    },
  );

  it('without cost entries every group costs its own discounts and gifts', () => {
    expect(groups(busy, 'partner').map(({ figures }) => figures.cost)).toMatchObject([
      { value: '1.00' },
      { value: '2.00' },
    ]);
  });

  it('by day carry the costs of the day', () => {
    const source = { ...busy, costs: [cost('2026-06-01', 5_00n)] };
    // entries 5.00 and two discounts of 1.00
    expect(groups(source, 'day')[0]?.figures.cost).toMatchObject({ value: '7.00' });
  });

  it('coupons are given out by offer and placement, not by redeeming channel or day', () => {
    const rates = (groupBy: GroupBy) => groups(busy, groupBy).map(({ figures }) => figures.redemptionRate);
    // 1 of 20 at the default placement of offer 1
    expect(rates('placement')).toMatchObject([
      { value: '0.05' },
      { undefined: 'shared-code' },
      { undefined: 'shared-code' },
    ]);
    expect(rates('offer')).toMatchObject([{ value: '0.05' }, { undefined: 'shared-code' }]);
    expect(rates('partner')).toMatchObject([{ undefined: 'shared-code' }, { value: '0.05' }]);
    // Nobody issued coupons that the café takes: that is known of its till too.
    expect(rates('channel')).toMatchObject([
      { undefined: 'shared-code' },
      { undefined: 'coupons-not-allocated' },
      { undefined: 'coupons-not-allocated' },
    ]);
    expect(rates('day')[0]).toMatchObject({ undefined: 'coupons-not-allocated' });
  });
});

// Each run builds a whole report.
const RUNS = { numRuns: 25 };

describe('the groups of any campaign', () => {
  const small = fc.bigInt({ min: 0n, max: 20n });
  const day = fc.integer({ min: 1, max: 9 }).map((number) => `2026-06-0${number}`);
  const place = fc.constantFrom(
    { redeemerPartnerId: 'gym', offerId: 'offer-1', placementId: 'flyer', channelId: 'desk' },
    { redeemerPartnerId: 'gym', offerId: 'offer-1', placementId: 'any', channelId: 'shop' },
    { redeemerPartnerId: 'cafe', offerId: 'offer-2', placementId: 'back', channelId: 'till' },
  );
  const anyCell = fc
    .tuple(
      place,
      fc.record({
        ...{ day, redemptions: small, refusals: small, discount: small, newCustomers: small },
        ...{ leakage: small, offlineLeakage: small },
      }),
    )
    .map(([where, what]) => cell({ ...where, ...what }));
  const anyReceipt = fc
    .tuple(place, fc.record({ day, promoReceipts: small, revenue: small }))
    .map(([{ redeemerPartnerId, channelId }, what]) => receipt({ redeemerPartnerId, channelId, ...what }));
  const anyTotals = fc
    .uniqueArray(fc.tuple(fc.constantFrom('desk', 'shop', 'till'), day, small), {
      selector: ([c, d]) => `${c}${d}`,
    })
    .map((days) => days.map(([channelId, date, receipts]) => totals(channelId, date, receipts)));
  const anySource = fc
    .record({
      cells: fc.array(anyCell),
      receipts: fc.array(anyReceipt).map((list) => list.filter(({ promoReceipts }) => promoReceipts > 0n)),
      channelDays: anyTotals,
    })
    .map(buildSource);

  const valueOf = (report: CampaignReport, name: MetricName): Ratio => {
    const figure = report.figures[name];
    return 'undefined' in figure ? ratio(0n, 1n) : figure.value;
  };
  const sumOfGroups = (report: CampaignReport, name: MetricName): Ratio =>
    (report.groups ?? [])
      .map(({ figures }) => valueOf({ ...report, figures }, name))
      .reduce(addRatio, ratio(0n, 1n));

  it.each(GROUP_BY)('by %s add up to the whole in what can be added', (groupBy) => {
    const always = ['acceptedRedemptions', 'refusals', 'discountGiven', 'leakage', 'newCustomers'] as const;
    const perReceipt = ['promoReceipts', 'allReceipts', 'revenue', 'margin', 'cost'] as const;
    const sharesReceipts = groupBy === 'offer' || groupBy === 'placement';
    fc.assert(
      fc.property(anySource, (source) => {
        const report = buildReport(source, { groupBy: [groupBy] });
        for (const name of [...always, ...(sharesReceipts ? [] : perReceipt)]) {
          expect(sumOfGroups(report, name)).toEqual(valueOf(report, name));
        }
      }),
      RUNS,
    );
  });

  it.each(GROUP_BY)('by %s do not depend on the order of the rows', (groupBy) => {
    fc.assert(
      fc.property(anySource, (source) => {
        const reversed = {
          ...source,
          cells: [...source.cells].reverse(),
          receipts: [...source.receipts].reverse(),
          channelDays: [...source.channelDays].reverse(),
          placements: [...source.placements].reverse(),
          channels: [...source.channels].reverse(),
        };
        expect(renderReport(buildReport(reversed, { groupBy: [groupBy] }))).toEqual(
          renderReport(buildReport(source, { groupBy: [groupBy] })),
        );
      }),
      RUNS,
    );
  });

  it('coverage never passes one', () => {
    fc.assert(
      fc.property(anySource, day, (source, asOf) => {
        const { coverage } = buildReport({ ...source, asOf }).figures;
        if (!('undefined' in coverage))
          expect(coverage.value.numerator <= coverage.value.denominator).toBe(true);
      }),
      RUNS,
    );
  });
});
