import { cpus } from 'node:os';
import { ApiClient } from '../src/demo/api-client.js';
import { type BenchServer, OPERATOR_KEY, withBenchServer } from './redeem/bench-server.js';
import { measure, medians } from './redeem/load.js';
import { median } from './redeem/median.js';
import { setUpProgramme, type WordProgramme } from './redeem/set-up-programme.js';
import { fillTo } from './scale/fill.js';

/*
 * npm run bench:scale: the same redemptions and the same report with 10 thousand and with 1 million redemptions stored, and with what
 * BENCH_SCALE says besides (comma-separated). Each size is measured beside the empty route, so that a machine that got slower meanwhile
 * does not count; the aim is that no size is more than 1.3 times as slow as the smallest.
 */
const SIZES = (process.env['BENCH_SCALE'] ?? '10000,1000000').split(',').map(Number);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5);
const ROUNDS = 3;
const REPORTS = 30;

interface Sized {
  readonly size: number;
  /** Tandem's rate as a part of the empty route's. */
  readonly redeem: number;
  /** A report's time in round trips to an empty answer. */
  readonly report: number;
}

await withBenchServer(async (server) => {
  const programme = await setUpProgramme(server.url, OPERATOR_KEY);
  const results: Sized[] = [];
  let stored = 0;
  for (const size of SIZES) {
    print(`storing ${size} redemptions …`);
    await fillTo(server.databaseUrl, stored, size);
    stored = size;
    results.push(await measureSize(server, programme, size));
  }
  printAll(results);
});

async function measureSize(server: BenchServer, programme: WordProgramme, size: number): Promise<Sized> {
  const load = (route: string) =>
    measure({ url: server.url + route, programme, connections: 64, seconds: SECONDS });
  const rounds: { empty: number[]; word: number[] } = { empty: [], word: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [empty, word] = [await load('/bench/empty'), await load('/v1/redemptions')];
    // The first round warms caches and plans.
    if (round === 0) continue;
    rounds.empty.push(medians([empty]).perSecond);
    rounds.word.push(medians([word]).perSecond);
  }
  return {
    size,
    redeem: median(rounds.word) / median(rounds.empty),
    report: await measureReport(server, programme),
  };
}

async function measureReport(server: BenchServer, { campaignId }: WordProgramme): Promise<number> {
  const operator = new ApiClient(server.url, OPERATOR_KEY);
  const times: { report: number[]; live: number[] } = { report: [], live: [] };
  for (let turn = 0; turn < REPORTS; turn += 1) {
    times.report.push(await timed(() => operator.get(`/v1/campaigns/${campaignId}/report?groupBy=day`)));
    times.live.push(await timed(() => operator.get('/health/live')));
  }
  return median(times.report) / median(times.live);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function printAll(results: readonly Sized[]): void {
  const [smallest] = results;
  print(
    `\n${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, medians of ${ROUNDS} x ${SECONDS} s and of ${REPORTS} reports`,
  );
  for (const { size, redeem, report } of results) {
    const slower = (smallest?.redeem ?? redeem) / redeem;
    const slowerReport = report / (smallest?.report ?? report);
    print(
      `${String(size).padStart(9)} stored   redeem / empty route ${redeem.toFixed(2)} (${slower.toFixed(2)} x as slow)   ` +
        `report / live check ${report.toFixed(1)} (${slowerReport.toFixed(2)} x)   aim 1.3 x`,
    );
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
