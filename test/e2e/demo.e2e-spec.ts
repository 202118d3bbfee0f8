import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { showDemo } from '../../src/demo/show-demo.js';
import type { ReportAnswer } from '../../src/reports/domain/report-answer.js';
import { buildPartner } from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Redemption {
  status: string;
  reversed: boolean;
  channelId: string;
  receiptNumber: string;
  subtotal: { amount: string };
  discount: { amount: string } | null;
}
interface Notes {
  campaignId: string;
  keys: Record<string, string>;
}

const SETS_UP_WITHIN_MS = 120_000;

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'tandem-demo-'));

/** One start with the demo on: what it printed, and its steps. `breakOffAt` is as good as Ctrl-C at that step. */
async function start(
  app: TestApp,
  folder: string,
  breakOffAt?: RegExp,
): Promise<{ printed: string; steps: string[] }> {
  let printed = '';
  const steps: string[] = [];
  const tell = (step: string): void => {
    if (breakOffAt?.test(step)) throw new Error('broken off');
    steps.push(step);
  };
  const settings = { DATA_DIR: folder, OPERATOR_KEY: app.operatorKey, ROLE: 'all' as const };
  await showDemo({ url: app.url, newOperatorKey: undefined }, settings, tell, (text) => (printed += text));
  return { printed, steps };
}

const notesIn = (folder: string): Notes =>
  JSON.parse(readFileSync(join(folder, 'demo-keys.json'), 'utf8')) as Notes;

async function reportOf(app: TestApp, folder: string): Promise<ReportAnswer> {
  const { campaignId, keys } = notesIn(folder);
  return app.operator.must<ReportAnswer>(
    200,
    app.operator.as(keys['cafe admin']!).get(`/v1/campaigns/${campaignId}/report`),
  );
}

async function redemptionsOf(app: TestApp, key: string): Promise<Redemption[]> {
  const all: Redemption[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path = `/v1/redemptions?limit=200${cursor && `&cursor=${cursor}`}`;
    const page: { items: Redemption[]; nextCursor: string | null } = await app.operator.must(
      200,
      app.operator.as(key).get(path),
    );
    all.push(...page.items);
    cursor = page.nextCursor;
  }
  return all;
}

const cents = (amount: string): number => Math.round(Number(amount) * 100);
const euros = (sum: number): string => (sum / 100).toFixed(2);

describe('the demo', () => {
  let app: TestApp;
  let folder: string;
  let first: { printed: string; steps: string[] };
  let figures: ReportAnswer['figures'];

  beforeAll(async () => {
    app = await testApp();
    folder = newFolder();
    first = await start(app, folder);
    ({ figures } = await reportOf(app, folder));
  }, SETS_UP_WITHIN_MS);

  afterAll(async () => {
    await app?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('ends its first start with the report of a campaign that paid off', () => {
    expect(first.steps.at(-1)).toMatch(/^Demo: 3\d\d accepted, refused were .* then 2 returns/);
    for (const reason of [
      'code.unknown',
      'code.malformed',
      'code.used-up',
      'code.not-yours',
      'receipt.below-minimum',
    ]) {
      expect(first.steps.at(-1)).toContain(reason);
    }
    expect(first.printed).toMatch(/^roi +[2-9][.\d]* +ratio +income .* cost .*, PAID OFF by margin$/m);
    expect(first.printed).toMatch(/^Iron Gym +\d+/m);
    expect(first.printed).toMatch(/^2: 20 %, Café Aurora, Aurora app, push message +30 /m);
  });

  it('prints figures that the redemptions themselves add up to', async () => {
    const { keys } = notesIn(folder);
    const all = [
      ...(await redemptionsOf(app, keys['gym pos']!)),
      ...(await redemptionsOf(app, keys['cafe pos']!)),
    ];
    const live = all.filter(({ status, reversed }) => status === 'accepted' && !reversed);
    const gross = new Map(
      live.map((one) => [`${one.channelId} ${one.receiptNumber}`, cents(one.subtotal.amount)]),
    );
    const discount = live.reduce((sum, one) => sum + cents(one.discount!.amount), 0);
    const revenue = [...gross.values()].reduce((sum, subtotal) => sum + subtotal, 0) - discount;
    // 184.50 flyers, 120.00 staff, 95.00 printing; what was only planned is no cost.
    const cost = 399_50 + discount;
    expect(figures).toMatchObject({
      acceptedRedemptions: { value: String(live.length) },
      promoReceipts: { value: String(gross.size) },
      revenue: { value: euros(revenue) },
      discountGiven: { value: euros(discount) },
      cost: { value: euros(cost) },
    });
    expect(live.length).toBeGreaterThan(gross.size);
    expect(first.printed).toContain(`revenue ${euros(revenue)}, promoReceipts ${gross.size}`);
  });

  it('keeps its keys where only the owner reads them', () => {
    expect(statSync(join(folder, 'demo-keys.json')).mode & 0o777).toBe(0o600);
  });

  it('only prints the report again on the second start', async () => {
    const second = await start(app, folder);
    expect(second.steps).toEqual([]);
    expect(second.printed.split('Try it')[0]).toBe(first.printed.split('Try it')[0]);
  });

  it('suggests requests that work as printed', async () => {
    const [validation, redemption, csv] = (await start(app, folder)).printed
      .match(/curl -s .*/g)!
      .map(readCurl);
    const asked = await fetch(validation!.url, validation);
    expect(await asked.json()).toMatchObject({ valid: true, discount: { amount: '9.00', currency: 'EUR' } });
    const redeemed = await fetch(redemption!.url, redemption);
    expect([redeemed.status, await redeemed.json()]).toMatchObject([201, { status: 'accepted' }]);
    const report = await (await fetch(csv!.url, csv)).text();
    expect(report).toContain('channel,');
  });

  it(
    'goes on where it was broken off, and tells the same story',
    async () => {
      const other = await testApp();
      const ownFolder = newFolder();
      try {
        for (const step of [/agreeing/, /posting/, /waiting/]) {
          expect((await start(other, ownFolder, step)).printed).toMatch(
            /^The demo is not complete \(broken off\)/,
          );
        }
        expect((await start(other, ownFolder)).printed).toContain('PAID OFF');
        const partners = await other.operator.must<{ items: unknown[] }>(
          200,
          other.operator.get('/v1/partners'),
        );
        expect(partners.items).toHaveLength(3);
        expect((await reportOf(other, ownFolder)).figures).toEqual(figures);
      } finally {
        await other.stop();
        rmSync(ownFolder, { recursive: true, force: true });
      }
    },
    SETS_UP_WITHIN_MS,
  );

  it('leaves a database alone that has partners of its own, whatever the notes say', async () => {
    const other = await testApp();
    try {
      await buildPartner(other.operator, { name: 'Real Company' });
      expect(await start(other, folder)).toEqual({
        printed: 'The demo is left out: there are partners already.\n',
        steps: [],
      });
    } finally {
      await other.stop();
    }
  });
});

/** What curl would send: the demo quotes with single quotes only. */
function readCurl(line: string): {
  url: string;
  method: string;
  headers: Record<string, string>;
  body?: string;
} {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  const after = (flag: string): string[] =>
    words.flatMap((word, index) => (words[index - 1] === flag ? [word] : []));
  const headers = Object.fromEntries(
    after('-H').map((header) => header.split(/: (.*)/s).slice(0, 2) as [string, string]),
  );
  const [body] = after('-d');
  const url = words.find((word) => word.startsWith('http'))!;
  return { url, method: body === undefined ? 'GET' : 'POST', headers, ...(body !== undefined && { body }) };
}
