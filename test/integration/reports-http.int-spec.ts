import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DynamicModule, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { parse } from 'csv-parse/sync';
import { RollupReadModel } from '../../src/attribution/rollup.read-model.js';
import { CampaignReadModel } from '../../src/campaigns/campaign.read-model.js';
import { CodeReadModel } from '../../src/codes/code.read-model.js';
import { OperatorKeyService } from '../../src/partners/operator-key.service.js';
import { PartnersModule } from '../../src/partners/partners.module.js';
import { ClockModule } from '../../src/platform/clock/clock.module.js';
import { Database } from '../../src/platform/database/database.js';
import { DatabaseModule } from '../../src/platform/database/database.module.js';
import { createHttpAdapter, prepareHttp } from '../../src/platform/http/http-server.js';
import { HttpModule } from '../../src/platform/http/http.module.js';
import { createOpenApiDocument } from '../../src/platform/http/openapi.js';
import { DayRateCommands } from '../../src/rates/day-rate.commands.js';
import { DayRateReadModel } from '../../src/rates/day-rate.read-model.js';
import { DayRateRepository } from '../../src/rates/day-rate.repository.js';
import { ReceiptReadModel } from '../../src/receipts/receipt.read-model.js';
import { CampaignReportReadModel } from '../../src/reports/campaign-report.read-model.js';
import { CampaignReportsService } from '../../src/reports/campaign-reports.service.js';
import { ComparisonController } from '../../src/reports/comparison.controller.js';
import { ReportSubjectReadModel } from '../../src/reports/report-subject.read-model.js';
import { ReportProfitReadModel } from '../../src/reports/report-profit.read-model.js';
import { UpliftSourceReadModel } from '../../src/uplift/uplift-source.read-model.js';
import { ReportsController } from '../../src/reports/reports.controller.js';
import { comparedCampaignsResponse, reportResponse } from '../../src/reports/reports.dto.js';
import { Api } from '../support/api.js';
import { buildPartner } from '../support/programme.js';
import { buildWorkedExample, type WorkedExample } from '../support/report-builders.js';
import { testDatabase } from '../support/test-database.js';

/** The reports behind HTTP, with what they read and nothing that writes. */
@Module({})
class ReportsOnly {
  static on(url: string): DynamicModule {
    const database = DatabaseModule.register({ url, poolSize: 5 });
    return {
      module: ReportsOnly,
      imports: [ClockModule, database, HttpModule, PartnersModule],
      controllers: [ReportsController, ComparisonController],
      providers: [
        ...[CampaignReportReadModel, CampaignReportsService, ReportSubjectReadModel],
        ...[ReportProfitReadModel, UpliftSourceReadModel],
        ...[CampaignReadModel, RollupReadModel, ReceiptReadModel, CodeReadModel],
        ...[DayRateReadModel, DayRateCommands, DayRateRepository],
      ],
    };
  }
}

let server: Awaited<ReturnType<typeof testDatabase>>;
let app: NestFastifyApplication;
let operator: Api;
let gym: Awaited<ReturnType<typeof buildPartner>>;
let example: WorkedExample;
let path: string;

beforeAll(async () => {
  server = await testDatabase();
  const options = { logger: false, bodyParser: false, abortOnError: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(
    ReportsOnly.on(server.url),
    createHttpAdapter(),
    options,
  );
  await prepareHttp(app, { servesApi: true });
  const key = (await app.get(OperatorKeyService).ensure(undefined)) ?? '';
  await app.listen(0, '127.0.0.1');
  operator = new Api(await app.getUrl(), key);
  gym = await buildPartner(operator, { name: 'Gym' }, { kind: 'print' });
  example = await app.get(Database).transaction((tx) => buildWorkedExample(tx, { gymId: gym.id }));
  path = `/v1/campaigns/${example.campaignId}/report`;
});

afterAll(async () => {
  await app.close();
  await server.drop();
});

describe('GET /v1/campaigns/:id/report', () => {
  it('answers what the contract says', async () => {
    const { status, body } = await gym.finance.get(path);
    expect(status).toBe(200);
    expect(reportResponse.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      ...{
        campaignId: example.campaignId,
        from: '2025-06-01',
        to: '2025-07-01',
        currency: 'EUR',
        incomeBasis: 'revenue',
      },
      figures: {
        roi: {
          value: '4.5',
          unit: 'ratio',
          verdict: 'paid_off',
          basis: 'revenue',
          parts: { income: '2025.00', cost: '450.00' },
        },
        promoRating: { value: '3.75', unit: '%', parts: { promoReceipts: '45', allReceipts: '1200' } },
      },
    });
    expect(body).not.toHaveProperty('groups');
  });

  it.each([
    ...['partner', 'channel', 'placement', 'offer', 'day', 'week'],
    ...['partner,day', 'placement,week', 'channel,placement', 'offer,channel', 'week,day'],
  ])('groups by %s', async (groupBy) => {
    const { status, body } = await gym.marketer.get(`${path}?groupBy=${groupBy}`);
    expect(status).toBe(200);
    expect(reportResponse.parse(body)).toEqual(body);
    expect(body['groups']).not.toEqual([]);
  });

  it.each([
    ['from=2025-06-10&to=2025-06-10', '/to'],
    ['from=2025-06-10&to=2025-06-09', '/to'],
    ['from=2015-01-01&to=2025-01-02', '/to'],
    ['from=2025-07-01', '/from'],
    ['from=2025-02-30', '/from'],
    ['groupBy=clerk', '/groupBy'],
    ['groupBy=day,day', '/groupBy'],
    ['groupBy=partner,offer,day', '/groupBy'],
    ['groupBy=day&groupBy=week', '/groupBy'],
    ['groupBy=placement,day&from=2016-01-01&to=2025-12-01', '/groupBy'],
    ['partnerId=gym', '/partnerId'],
    ['compareFrom=2025-05-01', '/compareTo'],
    ['compareFrom=2025-05-02&compareTo=2025-05-01', '/compareTo'],
  ])('?%s is a faulty question', async (query, pointer) => {
    const { status, body } = await operator.get(`${path}?${query}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'request.invalid', errors: [{ pointer }] });
  });

  it('can be filtered, with groups of the rest', async () => {
    const { body } = await gym.marketer.get(`${path}?groupBy=day&placementId=${example.flyerId}`);
    // 30 receipts of the flyer on 1 June, 1,350.00, and none on the other 29 days
    expect(body).toMatchObject({
      figures: { promoReceipts: { value: '30' }, revenue: { value: '1350.00' } },
      groupBy: ['day'],
    });
    const groups = body['groups'] as { key: unknown; figures: Record<string, { value?: string }> }[];
    expect(groups).toHaveLength(30);
    expect(groups[0]).toMatchObject({
      key: { day: '2025-06-01' },
      figures: { revenue: { value: '1350.00' } },
    });
    expect(groups[1]?.figures['revenue']).toMatchObject({ value: '0.00' });
  });

  it.each(['partnerId', 'channelId', 'placementId', 'offerId'])(
    'a %s that is not of this campaign does not exist',
    async (name) => {
      const stranger = await app.get(Database).transaction((tx) => buildWorkedExample(tx));
      const ids = {
        ...{ partnerId: stranger.gymId, channelId: stranger.deskId },
        ...{ placementId: stranger.flyerId, offerId: stranger.offerId },
      };
      for (const id of [ids[name as keyof typeof ids], '018f0000-0000-7000-8000-000000000000']) {
        const { status, body } = await gym.marketer.get(`${path}?${name}=${id}`);
        expect([status, body['code']]).toEqual([404, 'not-found']);
      }
    },
  );

  it('beside another period tells the differences', async () => {
    const { body } = await gym.marketer.get(
      `${path}?from=2025-06-01&to=2025-06-02&compareFrom=2025-06-02&compareTo=2025-06-03`,
    );
    expect(reportResponse.parse(body)).toEqual(body);
    // revenue 1,350.00 and 675.00; roi 1,350.00 / 330.00 = 4.0909… and 675.00 / 120.00 = 5.625
    expect(body).toMatchObject({
      figures: { revenue: { value: '1350.00' } },
      comparison: {
        ...{ from: '2025-06-02', to: '2025-06-03' },
        figures: { revenue: { value: '675.00' }, roi: { value: '5.625', verdict: 'paid_off' } },
        differences: {
          revenue: { value: '675.00', unit: 'EUR' },
          roi: { value: '-1.534091', unit: 'ratio' },
          redemptionRate: { undefined: 'shared-code' },
        },
      },
    });
  });

  it('a field that does not exist is refused', async () => {
    expect((await operator.get(`${path}?until=2025-06-10`)).status).toBe(400);
  });

  it('is for people, not for tills', async () => {
    expect((await gym.pos.get(path)).status).toBe(403);
    expect((await gym.admin.get(path)).status).toBe(200);
  });

  it('of a campaign of others does not exist', async () => {
    const stranger = await buildPartner(operator);
    for (const file of [path, `${path}.csv`, '/v1/campaigns/none/report']) {
      const { status, body, headers } = await stranger.marketer.get(file);
      expect(status).toBe(404);
      expect(body).toMatchObject({ code: 'not-found' });
      expect(headers.get('content-disposition')).toBeNull();
    }
  });
});

describe('GET /v1/reports/comparison', () => {
  const compare = (api: Api, ids: readonly string[], rest = '') =>
    api.get(`/v1/reports/comparison?campaignIds=${ids.join()}${rest}`);

  it('lays campaigns side by side, in the order in which they were named and each in its currency', async () => {
    const other = await app.get(Database).transaction((tx) => buildWorkedExample(tx, { gymId: gym.id }));
    await app
      .get(Database)
      .transaction((tx) =>
        tx.execute(`update campaigns set currency = 'JPY' where id = $1`, [other.campaignId]),
      );
    const { status, body } = await compare(gym.finance, [other.campaignId, example.campaignId]);
    expect(status).toBe(200);
    expect(comparedCampaignsResponse.parse(body)).toEqual(body);
    expect(body).toMatchObject({
      campaigns: [
        {
          campaignId: other.campaignId,
          currency: 'JPY',
          figures: { revenue: { value: '202500', unit: 'JPY' } },
        },
        { campaignId: example.campaignId, currency: 'EUR', figures: { revenue: { value: '2025.00' } } },
      ],
    });
  });

  it('with a campaign of others does not exist', async () => {
    const stranger = await app.get(Database).transaction((tx) => buildWorkedExample(tx));
    for (const id of [stranger.campaignId, '018f0000-0000-7000-8000-000000000000']) {
      expect((await compare(gym.finance, [example.campaignId, id])).status).toBe(404);
    }
  });

  it('needs campaigns, each once, and a period with a day', async () => {
    const queries = ['', example.campaignId, `${example.campaignId},${example.campaignId}`, 'none'];
    const answers = await Promise.all(queries.map((ids) => compare(gym.finance, [ids])));
    expect(answers.map(({ status }) => status)).toEqual([400, 200, 400, 400]);
    expect((await compare(gym.finance, [example.campaignId], '&from=2025-07-02')).status).toBe(400);
    expect((await compare(gym.pos, [example.campaignId])).status).toBe(403);
  });
});

describe('GET /v1/campaigns/:id/report.csv', () => {
  it('is the same report, flat', async () => {
    const { status, headers, text } = await gym.finance.get(`${path}.csv?groupBy=placement`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe('attachment; filename="campaign-report.csv"');
    const rows: Record<string, string>[] = parse(text, { columns: true });
    expect(rows.find(({ metric }) => metric === 'roi')).toMatchObject({
      value: '4.5',
      verdict: 'paid_off',
      basis: 'revenue',
    });
    expect(rows.find(({ group, metric }) => group === example.flyerId && metric === 'revenue')).toMatchObject(
      {
        ...{
          groupBy: 'placement',
          groupLabel: '1: 10 %, Café, flyer at the counter',
          value: '1350.00',
          unit: 'EUR',
        },
      },
    );
  });
});

describe('report.csv with two groupings and a second period', () => {
  it('names both groups in each row, and ends with the second period and the differences', async () => {
    const query = 'groupBy=offer,week&compareFrom=2025-05-01&compareTo=2025-06-01';
    const { text } = await gym.finance.get(`${path}.csv?${query}`);
    const rows: Record<string, string>[] = parse(text, { columns: true });
    expect(rows.find(({ group2, metric }) => group2 === '2025-W22' && metric === 'revenue')).toMatchObject({
      // 1 June 2025 is the Sunday of week 22
      ...{ groupBy: 'offer', group: example.offerId, groupBy2: 'week', value: '1350.00' },
    });
    const of = (kind: string) => rows.find(({ groupBy, metric }) => groupBy === kind && metric === 'revenue');
    expect(of('compared')).toMatchObject({ group: '2025-05-01/2025-06-01', value: '0.00' });
    expect(of('difference')).toMatchObject({ value: '2025.00' });
  });
});

describe('the published contract', () => {
  it('names the shapes of a report', () => {
    const { components, paths } = createOpenApiDocument(app);
    expect(Object.keys(components?.schemas ?? {})).toEqual(
      expect.arrayContaining(['CampaignReport', 'Figure', 'ReportFigures', 'RoiFigure']),
    );
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/v1/campaigns/{id}/report',
        '/v1/campaigns/{id}/report.csv',
        '/v1/reports/comparison',
      ]),
    );
  });
});
