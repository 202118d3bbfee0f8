import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import pg from 'pg';
import { ratio } from '../../src/kernel/ratio.js';
import { Tx } from '../../src/platform/database/tx.js';
import { convertMinor } from '../../src/rates/domain/convert-minor.js';
import { printRate } from '../../src/rates/domain/day-rate.js';
import { DayRateCommands } from '../../src/rates/day-rate.commands.js';
import { DayRateRepository } from '../../src/rates/day-rate.repository.js';
import { buildPartner, daysFromNow, type TestPartner } from '../support/programme.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Imported {
  readonly imported: number;
  readonly unchanged: number;
  readonly tooLate: readonly unknown[];
}
interface Listed {
  readonly items: { from: string; to: string; date: string; rate: string; importedAt: string }[];
  readonly nextCursor: string | null;
}

let app: TestApp;
let client: pg.Client;
let partner: TestPartner;

beforeAll(async () => {
  app = await testApp();
  partner = await buildPartner(app.operator);
  client = new pg.Client({ connectionString: app.databaseUrl });
  await client.connect();
});

afterAll(async () => {
  await client?.end();
  await app?.stop();
});

const rate = (from: string, to: string, date: string, value: string) => ({ from, to, date, rate: value });
const importRates = (...items: object[]) =>
  app.operator.must<Imported>(201, app.operator.post('/v1/exchange-rates', { items }));
const putCsv = <T = Imported>(csv: string, api = app.operator) =>
  api.send<T>('PUT', '/v1/exchange-rates.csv', csv, { 'content-type': 'text/csv' });

/** As another process would see it: nothing is kept from before. */
const rates = () => new DayRateCommands(new DayRateRepository());
async function inTransaction<T>(
  work: (tx: Tx) => Promise<T>,
  end: 'commit' | 'rollback' = 'commit',
): Promise<T> {
  await client.query('begin');
  try {
    return await work(new Tx(client));
  } finally {
    await client.query(end);
  }
}
async function fixed(base: string, quote: string, day: string): Promise<string | undefined> {
  const found = await inTransaction((tx) => rates().fix(tx, [{ base, quote, day }]));
  const one = found.get(`${base}/${quote}/${day}`);
  return one && printRate(one);
}

describe('an import of exchange rates', () => {
  it('says what was new, and nothing the second time', async () => {
    const items = [rate('EUR', 'USD', '2026-01-05', '1.10'), rate('EUR', 'USD', '2026-01-06', '1.11')];
    expect(await importRates(...items)).toEqual({ imported: 2, unchanged: 0, tooLate: [] });
    expect(await importRates(...items)).toEqual({ imported: 0, unchanged: 2, tooLate: [] });
    expect(await importRates(rate('EUR', 'USD', '2026-01-05', '1.1000'))).toMatchObject({ imported: 0 });
  });

  it('takes a file as it takes JSON', async () => {
    const csv = '\ufefffrom,to,date,rate\r\nEUR,CHF,2026-01-05,0.93\r\nEUR,CHF,2026-01-06,0.94\r\n';
    expect((await putCsv(csv)).body).toEqual({ imported: 2, unchanged: 0, tooLate: [] });
    expect((await putCsv(csv)).body).toEqual({ imported: 0, unchanged: 2, tooLate: [] });
  });

  it('stores nothing of a file with a faulty line, and names the line', async () => {
    const csv = 'from,to,date,rate\nEUR,SEK,2026-01-05,11.2\nEUR,SEK,2026-01-06,NaN\n';
    const answer = await putCsv<{ code: string; errors: unknown[] }>(csv);
    expect([answer.status, answer.body.code]).toEqual([400, 'request.invalid']);
    expect(answer.body.errors).toEqual([
      { pointer: '/lines/3/rate', detail: expect.stringContaining('line 3: rate must be a plain decimal') },
    ]);
    const { body } = await app.operator.get<Listed>('/v1/exchange-rates?from=EUR&to=SEK');
    expect(body.items).toEqual([]);
  });

  it.each([
    ['no rate', rate('EUR', 'USD', '2026-01-05', 'NaN')],
    ['a negative one', rate('EUR', 'USD', '2026-01-05', '-1')],
    ['zero', rate('EUR', 'USD', '2026-01-05', '0')],
    ['19 digits', rate('EUR', 'USD', '2026-01-05', '1.234567890123456789')],
    ['no currency', rate('EUR', 'XAU', '2026-01-05', '1')],
    ['a currency in itself', rate('EUR', 'EUR', '2026-01-05', '1')],
    ['no date', rate('EUR', 'USD', '2026-02-30', '1')],
    ['a number instead of text', { ...rate('EUR', 'USD', '2026-01-05', '1'), rate: 1.5 }],
    ['an unknown field', { ...rate('EUR', 'USD', '2026-01-05', '1'), bank: 'ECB' }],
  ])('of %s is refused whole', async (_, item) => {
    const good = rate('EUR', 'PLN', '2026-01-05', '4.3');
    const answer = await app.operator.post('/v1/exchange-rates', { items: [good, item] });
    expect([answer.status, answer.body['code']]).toEqual([400, 'request.invalid']);
    const { body } = await app.operator.get<Listed>('/v1/exchange-rates?from=EUR&to=PLN');
    expect(body.items).toEqual([]);
  });

  it('of one pair and date twice is refused', async () => {
    const items = [rate('EUR', 'USD', '2026-01-07', '1.1'), rate('EUR', 'USD', '2026-01-07', '1.2')];
    expect((await app.operator.post('/v1/exchange-rates', { items })).status).toBe(400);
  });

  it('is for the operator alone; partners may read', async () => {
    for (const api of [partner.admin, partner.marketer, partner.finance, partner.pos]) {
      const items = [rate('EUR', 'USD', '2026-01-05', '9')];
      expect((await api.post('/v1/exchange-rates', { items })).status).toBe(403);
      expect((await putCsv('from,to,date,rate\nEUR,USD,2026-01-05,9\n', api)).status).toBe(403);
    }
    expect((await partner.finance.get('/v1/exchange-rates')).status).toBe(200);
    expect((await partner.pos.get('/v1/exchange-rates')).status).toBe(403);
  });

  it('takes CSV on its own route only', async () => {
    const answer = await app.operator.send('POST', '/v1/exchange-rates', 'from,to,date,rate', {
      'content-type': 'text/csv',
    });
    expect(answer.status).toBe(415);
  });

  it('is listed in its order, corrections included, page by page', async () => {
    await importRates(rate('GBP', 'USD', '2026-01-06', '1.26'), rate('GBP', 'USD', '2026-01-05', '1.25'));
    await importRates(rate('GBP', 'USD', '2026-01-05', '1.24'));
    const list = (query: string) => app.operator.get<Listed>(`/v1/exchange-rates?from=GBP&to=USD${query}`);
    const first = (await list('&limit=2')).body;
    const rest = (await list(`&limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...rest.items].map(({ date, rate: value }) => `${date} ${value}`)).toEqual([
      '2026-01-06 1.26',
      '2026-01-05 1.25',
      '2026-01-05 1.24',
    ]);
    expect(rest.nextCursor).toBeNull();
    expect((await list('&cursor=bm8')).status).toBe(400);
  });
});

describe('the rate of a day', () => {
  it('is that of its date, or of the last date before it, for seven days', async () => {
    await importRates(rate('EUR', 'NOK', '2026-02-02', '11.5'), rate('EUR', 'NOK', '2026-02-04', '11.6'));
    expect(await fixed('EUR', 'NOK', '2026-02-01')).toBeUndefined();
    expect(await fixed('EUR', 'NOK', '2026-02-02')).toBe('11.5');
    expect(await fixed('EUR', 'NOK', '2026-02-03')).toBe('11.5');
    expect(await fixed('EUR', 'NOK', '2026-02-04')).toBe('11.6');
    expect(await fixed('EUR', 'NOK', '2026-02-11')).toBe('11.6');
    expect(await fixed('EUR', 'NOK', '2026-02-12')).toBeUndefined();
  });

  it('is the exact inverse where only the other direction was imported, and the direct one where both were', async () => {
    await importRates(rate('EUR', 'DKK', '2026-02-02', '8'));
    expect(await fixed('DKK', 'EUR', '2026-02-02')).toBe('0.125');
    await importRates(rate('DKK', 'EUR', '2026-02-03', '0.13'), rate('EUR', 'DKK', '2026-02-03', '8'));
    expect(await fixed('DKK', 'EUR', '2026-02-03')).toBe('0.13');
    await importRates(rate('EUR', 'DKK', '2026-02-04', '5'));
    expect(await fixed('DKK', 'EUR', '2026-02-04')).toBe('0.2');
  });

  it('is never made through a third currency', async () => {
    await importRates(rate('AUD', 'USD', '2026-02-02', '0.65'), rate('USD', 'NZD', '2026-02-02', '1.7'));
    expect(await fixed('AUD', 'NZD', '2026-02-02')).toBeUndefined();
  });

  it('stays what it was when it was first used, whatever is imported later', async () => {
    await importRates(rate('EUR', 'HUF', '2026-02-02', '390'));
    expect(await fixed('EUR', 'HUF', '2026-02-03')).toBe('390');
    const late = [rate('EUR', 'HUF', '2026-02-02', '391'), rate('EUR', 'HUF', '2026-02-03', '392')];
    const { imported, tooLate } = await importRates(...late);
    expect([imported, tooLate]).toEqual([2, [late[1]]]);
    expect(await fixed('EUR', 'HUF', '2026-02-03')).toBe('390');
    expect(await fixed('EUR', 'HUF', '2026-02-02')).toBe('391');
    expect(await fixed('EUR', 'HUF', '2026-02-04')).toBe('392');
  });

  it('is the same whether its rate came early or late', async () => {
    await importRates(rate('EUR', 'CZK', '2026-02-02', '25.1'));
    const early = await fixed('EUR', 'CZK', '2026-02-02');
    expect(await fixed('EUR', 'RON', '2026-02-02')).toBeUndefined();
    await importRates(rate('EUR', 'RON', '2026-02-02', '25.1'));
    expect(await fixed('EUR', 'RON', '2026-02-02')).toBe(early);
  });

  it('is not fixed before the day has begun', async () => {
    await importRates(rate('EUR', 'TRY', daysFromNow(0), '45'));
    expect(await fixed('EUR', 'TRY', daysFromNow(3))).toBeUndefined();
    expect(await fixed('EUR', 'TRY', daysFromNow(0))).toBe('45');
  });

  it('is not kept when the transaction that fixed it was rolled back', async () => {
    const asked = [{ base: 'EUR', quote: 'ISK', day: '2026-02-02' }];
    await importRates(rate('EUR', 'ISK', '2026-02-02', '140'));
    const commands = rates();
    const ask = async (tx: Tx) => [...(await commands.fix(tx, asked)).values()].map((one) => one.rate);
    await inTransaction(async (tx) => [await ask(tx), await ask(tx)], 'rollback');
    await importRates(rate('EUR', 'ISK', '2026-02-02', '141'));
    expect(await inTransaction(ask)).toEqual(['141']);
  });

  it('is one for all that fix it at the same time, while it is corrected', async () => {
    await importRates(rate('EUR', 'CAD', '2026-02-02', '1.5'));
    const days = Array.from({ length: 6 }, (_, day) => `2026-02-0${day + 2}`);
    const asked = days.map((day) => ({ base: 'EUR', quote: 'CAD', day }));
    const fixAll = async (order: typeof asked) => {
      const one = new pg.Client({ connectionString: app.databaseUrl });
      await one.connect();
      await one.query('begin');
      const found = await rates().fix(new Tx(one), order);
      await one.query('commit');
      await one.end();
      return days.map((day) => found.get(`EUR/CAD/${day}`)?.rate);
    };
    const [first, ...others] = await Promise.all([
      fixAll(asked),
      fixAll([...asked].reverse()),
      importRates(rate('EUR', 'CAD', '2026-02-02', '1.6')).then(() => fixAll(asked)),
      fixAll([...asked].reverse()),
    ]);
    for (const other of others) expect(other).toEqual(first);
    expect(first).toHaveLength(6);
    expect(first).not.toContain(undefined);
  });

  it('is looked at without being fixed by a question', async () => {
    await importRates(rate('EUR', 'MXN', '2026-02-02', '20'));
    const asked = [{ base: 'EUR', quote: 'MXN', day: '2026-02-03' }];
    const peek = async () =>
      [...(await inTransaction((tx) => rates().peek(tx, asked))).values()].map((one) => one.rate);
    expect(await peek()).toEqual(['20']);
    await importRates(rate('EUR', 'MXN', '2026-02-03', '21'));
    expect(await peek()).toEqual(['21']);
  });
});

describe('convert_minor', () => {
  it('does what the pure function does, for any amount and rate', async () => {
    const amount = fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n });
    const small = fc.bigInt({ min: -1_000n, max: 1_000n });
    const part = fc.oneof(fc.bigInt({ min: 1n, max: 20n }), fc.bigInt({ min: 1n, max: 10n ** 21n }));
    const cases = fc.sample(fc.tuple(fc.oneof(amount, small), part, part), 2_000);
    const { rows } = await client.query<{ converted: string }>(
      `select convert_minor(amount, numerator, denominator)::text as converted
         from unnest($1::numeric[], $2::numeric[], $3::numeric[]) with ordinality as one (amount, numerator, denominator, place)
        order by place`,
      [0, 1, 2].map((index) => cases.map((one) => String(one[index]))),
    );
    const wanted = cases.map(([minor, n, d]) => convertMinor(minor, ratio(n, d)).toString());
    expect(rows.map((row) => row.converted)).toEqual(wanted);
  });
});
