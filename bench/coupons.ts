import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { runMigrations } from '../src/platform/database/data-source.js';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres/embedded-postgres.js';
import { CodeTable } from './coupons/code-table.js';
import { CouponOrders } from './coupons/coupon-orders.js';
import { ServiceProcess } from './coupons/service-process.js';
import { OPERATOR_KEY } from './redeem/bench-server.js';
import { median } from './redeem/median.js';

/*
 * npm run bench:coupons: one million coupons, ordered over HTTP from a Tandem as `npm start` runs it, until the batch says "done", with
 * durable commits (fsync on). In the same run: one COPY of the same rows into the same table. Figures are medians of the rounds; the ratio
 * is what counts, machines differ.
 */
const COUPONS = Number(process.env['BENCH_COUPONS'] ?? 1_000_000);
const FEW_COUPONS = 10_000;
const ROUNDS = 3;
const LOOK_UPS = 1_000;

interface LookUps {
  readonly oneByOne: number;
  readonly atOnce: number;
}

interface Round {
  readonly made: number;
  readonly copied: number;
  readonly downloaded: number;
}

const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: () => undefined });
try {
  await runMigrations(postgres.url);
  await measureAll(postgres.url);
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measureAll(url: string): Promise<void> {
  const table = await CodeTable.open(url);
  const service = await ServiceProcess.start(url, OPERATOR_KEY);
  try {
    const orders = await CouponOrders.open(service.url, OPERATOR_KEY);
    // It also warms up the service.
    await orders.make(FEW_COUPONS);
    const few = await lookUp(table);
    const rounds: Round[] = [];
    const many: LookUps[] = [];
    for (let round = 1; round <= ROUNDS; round += 1) rounds.push(await measure(orders, table, round, many));
    print(rounds, few, medianOf(many), service.peakMegabytes);
  } finally {
    await service.stop();
    await table.close();
  }
}

async function measure(
  orders: CouponOrders,
  table: CodeTable,
  round: number,
  lookUps: LookUps[],
): Promise<Round> {
  const rows = join(folder, 'rows');
  await table.empty();
  let batchId = '';
  const made = await seconds(async () => {
    const show = (generated: number): void =>
      tell(`round ${round}: Tandem has made ${generated} of ${COUPONS}\r`);
    batchId = (await orders.make(COUPONS, show)).id;
  });
  expectAll(await table.count());
  const downloaded = await seconds(async () => {
    expectAll(await orders.download(batchId));
  });
  lookUps.push(await lookUp(table));
  await table.saveTo(rows);
  await table.empty();
  const copied = await seconds(() => table.loadFrom(rows));
  expectAll(await table.count());
  tell(
    `round ${round}: Tandem ${made.toFixed(1)} s, COPY ${copied.toFixed(1)} s, download ${downloaded.toFixed(1)} s\n`,
  );
  return { made, copied, downloaded };
}

function expectAll(coupons: number): void {
  if (coupons !== COUPONS) throw new Error(`${coupons} coupons instead of ${COUPONS}`);
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1_000;
}

/** Every repetition asks for other codes: pages that were just read are read faster. */
async function lookUp(table: CodeTable): Promise<LookUps> {
  const times: LookUps[] = [];
  for (let turn = 0; turn < 2 * ROUNDS; turn += 1) {
    times.push({
      oneByOne: await table.lookUp(LOOK_UPS, 1),
      atOnce: await table.lookUp(LOOK_UPS, LOOK_UPS),
    });
  }
  // The first half makes plans and fills caches.
  return medianOf(times.slice(ROUNDS));
}

function medianOf(times: readonly LookUps[]): LookUps {
  return {
    oneByOne: median(times.map(({ oneByOne }) => oneByOne)),
    atOnce: median(times.map(({ atOnce }) => atOnce)),
  };
}

function print(rounds: readonly Round[], few: LookUps, many: LookUps, peakMegabytes: number): void {
  const [made, copied, downloaded] = (['made', 'copied', 'downloaded'] as const).map((name) =>
    median(rounds.map((round) => round[name])),
  ) as [number, number, number];
  tell(`\n${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${COUPONS} coupons, medians of ${ROUNDS}\n`);
  tell(`one COPY of the same rows              ${copied.toFixed(1).padStart(8)} s\n`);
  tell(
    `Tandem, from the order to "done"       ${made.toFixed(1).padStart(8)} s   Tandem / COPY ${(made / copied).toFixed(2)}\n`,
  );
  tell(`Tandem, download as CSV                ${downloaded.toFixed(1).padStart(8)} s\n`);
  tell(`peak memory of the Tandem process      ${peakMegabytes.toFixed(0).padStart(8)} MB\n`);
  const row = (name: string, key: keyof LookUps): string =>
    `${name.padEnd(38)} ${few[key].toFixed(1).padStart(8)} ms among ${FEW_COUPONS} coupons, ${many[key].toFixed(1)} ms among ${COUPONS}: ${(many[key] / few[key]).toFixed(2)} x\n`;
  tell(row(`${LOOK_UPS} codes, one statement each`, 'oneByOne'));
  tell(row(`${LOOK_UPS} codes in one statement`, 'atOnce'));
}

function tell(text: string): void {
  process.stdout.write(text);
}
