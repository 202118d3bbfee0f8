import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { RollupReadModel } from '../../src/attribution/rollup.read-model.js';
import { CampaignReadModel } from '../../src/campaigns/campaign.read-model.js';
import { CodeReadModel } from '../../src/codes/code.read-model.js';
import { PartnerReadModel } from '../../src/partners/partner.read-model.js';
import type { PartnerPrincipal } from '../../src/platform/auth/principal.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { DayRateCommands } from '../../src/rates/day-rate.commands.js';
import { DayRateReadModel } from '../../src/rates/day-rate.read-model.js';
import { DayRateRepository } from '../../src/rates/day-rate.repository.js';
import { ReceiptReadModel } from '../../src/receipts/receipt.read-model.js';
import { CampaignReportReadModel } from '../../src/reports/campaign-report.read-model.js';
import { CampaignReportsService, type ReportQuestion } from '../../src/reports/campaign-reports.service.js';
import { ReportSubjectReadModel } from '../../src/reports/report-subject.read-model.js';
import { renderReport, type ReportAnswer } from '../../src/reports/domain/report-answer.js';
import { OPERATOR } from '../support/partner-builders.js';
import { buildWorkedExample, type WorkedExample } from '../support/report-builders.js';
import { ReportProfitReadModel } from '../../src/reports/report-profit.read-model.js';
import { UpliftSourceReadModel } from '../../src/uplift/uplift-source.read-model.js';
import { testDatabase } from '../support/test-database.js';

let server: Awaited<ReturnType<typeof testDatabase>>;
let source: DataSource;
let database: Database;
let reports: CampaignReportsService;
let example: WorkedExample;

beforeAll(async () => {
  server = await testDatabase();
  source = await createDataSource(server.url, { poolSize: 2 }).initialize();
  database = new Database(source);
  const campaigns = new CampaignReadModel();
  const readModel = new CampaignReportReadModel(
    ...([
      campaigns,
      new RollupReadModel(),
      new ReceiptReadModel(),
      new PartnerReadModel(),
      new CodeReadModel(),
      new DayRateReadModel(),
    ] as const),
  );
  const uplift = new UpliftSourceReadModel(
    ...([campaigns, new RollupReadModel(), new ReceiptReadModel(), new PartnerReadModel()] as const),
  );
  reports = new CampaignReportsService(
    database,
    new ReportSubjectReadModel(campaigns),
    readModel,
    new DayRateCommands(new DayRateRepository()),
    new ReportProfitReadModel(campaigns, new ReceiptReadModel(), uplift),
  );
  example = await database.transaction((tx) => buildWorkedExample(tx));
});

afterAll(async () => {
  await source.destroy();
  await server.drop();
});

const marketerOf = (partnerId: string): PartnerPrincipal => ({
  keyId: 'm',
  role: 'marketer',
  partnerId,
  channelId: null,
});

async function report(question: ReportQuestion = {}, { campaignId } = example): Promise<ReportAnswer> {
  return renderReport(await reports.report(OPERATOR, campaignId, question));
}

describe('the report of a campaign', () => {
  it('covers all days on which codes are taken, and gives the figures worked out by hand', async () => {
    const { figures, ...rest } = await report();
    expect(rest).toEqual({
      campaignId: example.campaignId,
      ...{ from: '2025-06-01', to: '2025-07-01', currency: 'EUR', incomeBasis: 'revenue' },
    });
    // revenue 1,350.00 + 675.00; cost 180.00 + 45.00 + 150.00 + 75.00; 45 of 1,200 receipts
    expect(figures).toMatchObject({
      acceptedRedemptions: { value: '47', unit: 'count' },
      promoReceipts: { value: '45', unit: 'count' },
      allReceipts: { value: '1200', unit: 'count' },
      coverage: { value: '1', parts: { coveredChannelDays: '30', channelDays: '30' } },
      promoRating: { value: '3.75', unit: '%' },
      revenue: { value: '2025.00', unit: 'EUR' },
      discountGiven: { value: '225.00', unit: 'EUR' },
      cost: { value: '450.00', unit: 'EUR', parts: { costEntries: '225.00' } },
      roi: { value: '4.5', unit: 'ratio', verdict: 'paid_off', basis: 'revenue' },
      roiPercent: { value: '350', unit: '%' },
      margin: { value: '405.00', unit: 'EUR' },
      newCustomers: { value: '18', parts: { unknown: '9' } },
      returningCustomers: { value: '20' },
      cac: { value: '25.00', unit: 'EUR' },
      averageReceipt: { value: '45.00', unit: 'EUR' },
      // (60,000.00 - 2,025.00) / (1,200 - 45)
      averageOtherReceipt: { value: '50.19', unit: 'EUR' },
      redemptionRate: { undefined: 'shared-code' },
    });
  });

  it('can be asked for some days only', async () => {
    // 2 June: 675.00 / (45.00 + 75.00) = 5.625; 15 of 40 receipts
    const { figures } = await report({ from: '2025-06-02', to: '2025-06-03' });
    expect(figures).toMatchObject({ roi: { value: '5.625' }, promoRating: { value: '37.5' } });
  });

  it('a period in which nothing happened has counts of zero and reasons instead of ratios', async () => {
    const { figures } = await report({ from: '2025-08-01', to: '2025-08-08' });
    expect(figures).toMatchObject({
      acceptedRedemptions: { value: '0' },
      coverage: { value: '0', parts: { channelDays: '7' } },
      promoRating: { undefined: 'no-receipt-totals' },
      roi: { undefined: 'no-cost', basis: 'revenue' },
      cac: { undefined: 'no-new-customers' },
      averageReceipt: { undefined: 'no-promo-receipts' },
    });
  });

  it('by margin the same campaign failed', async () => {
    await database.transaction((tx) => tx.execute(`update campaign_terms set income_basis = 'margin'`));
    expect((await report()).figures.roi).toMatchObject({ value: '0.9', verdict: 'failed', basis: 'margin' });
    await database.transaction((tx) => tx.execute(`update campaign_terms set income_basis = 'revenue'`));
  });
});

describe('the groups of a report', () => {
  it('by placement tell where the codes were handed out', async () => {
    const { groups } = await report({ groupBy: ['placement'] });
    expect(groups).toMatchObject([
      {
        key: { placementId: example.anyId, label: '', channelId: null },
        label: '1: 10 %, Café',
        figures: {
          acceptedRedemptions: { value: '17' },
          promoReceipts: { value: '15' },
          revenue: { value: '675.00' },
        },
      },
      {
        key: { placementId: example.flyerId, label: 'flyer at the counter', channelId: null },
        label: '1: 10 %, Café, flyer at the counter',
        figures: { acceptedRedemptions: { value: '30' }, roi: { undefined: 'cost-not-allocated' } },
      },
    ]);
  });

  it('by partner, channel and offer there is one, with the receipts of the whole', async () => {
    const keys = {
      partner: { partnerId: example.gymId },
      channel: { channelId: example.deskId },
      offer: { offerId: example.offerId },
    };
    for (const groupBy of ['partner', 'channel', 'offer'] as const) {
      const { groups } = await report({ groupBy: [groupBy] });
      expect(groups).toMatchObject([
        { key: keys[groupBy], figures: { promoRating: { value: '3.75' }, revenue: { value: '2025.00' } } },
      ]);
      expect(groups).toHaveLength(1);
    }
  });

  it('by day carry the costs of each day', async () => {
    const { groups = [] } = await report({ groupBy: ['day'] });
    expect(groups).toHaveLength(30);
    // 180.00 + 150.00, 45.00 + 75.00
    expect(groups.slice(0, 3).map(({ figures }) => figures.cost)).toMatchObject([
      { value: '330.00' },
      { value: '120.00' },
      { value: '0.00' },
    ]);
  });

  it('by offer know the coupons that were given out', async () => {
    const other = await database.transaction((tx) => buildWorkedExample(tx));
    await database.transaction((tx) =>
      tx.execute(
        `insert into coupon_batches (id, redeemer_partner_id, offer_id, placement_id, quantity, generated, pattern, shape)
         values (gen_random_uuid(), $1, $2, $3, 1000, 940, '#', '{}')`,
        [other.gymId, other.offerId, other.flyerId],
      ),
    );
    await database.transaction((tx) =>
      tx.execute('update campaign_daily set coupon_redemptions = redemptions where campaign_id = $1', [
        other.campaignId,
      ]),
    );
    // 47 / 940 = 0.05
    expect((await report({}, other)).figures.redemptionRate).toMatchObject({ value: '0.05' });
    const { groups } = await report({ groupBy: ['offer'] }, other);
    expect(groups).toMatchObject([{ figures: { redemptionRate: { value: '0.05' } } }]);
  });
});

describe('who may see a report', () => {
  it('both participants see the same, but for the profit of the business of one', async () => {
    const [cafe, gym] = await Promise.all(
      [example.cafeId, example.gymId].map((id) => reports.report(marketerOf(id), example.campaignId, {})),
    );
    const hidden = { undefined: 'not-shared' };
    const profits = { profitBefore: hidden, profitDuring: hidden, profitAfter: hidden };
    expect(cafe).toEqual({ ...gym, figures: { ...gym!.figures, ...profits } });
  });

  it('for everyone else it does not exist', async () => {
    const stranger = await database.transaction((tx) => buildWorkedExample(tx));
    await expect(reports.report(marketerOf(stranger.gymId), example.campaignId, {})).rejects.toMatchObject({
      code: 'not-found',
    });
    await expect(reports.report(OPERATOR, example.gymId, {})).rejects.toMatchObject({ code: 'not-found' });
  });
});
