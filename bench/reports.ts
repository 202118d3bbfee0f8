import { cpus } from 'node:os';
import { ApiClient } from '../src/demo/api-client.js';
import { OPERATOR_KEY, withBenchServer } from './redeem/bench-server.js';
import { median } from './redeem/median.js';
import { setUpProgramme } from './redeem/set-up-programme.js';
import { fillTo } from './scale/fill.js';

/*
 * npm run bench:reports: how long reports take with 10 thousand and with 1 million redemptions stored, or with what BENCH_SCALE
 * says (comma-separated), beside an empty answer of the same server. Reports read rollups, so the aim is that no size takes
 * more than 1.3 times as long as the smallest. The median of three rounds, each the median of its turns; a report and the empty answer take
 * turns, so that a machine that got slower meanwhile does not count.
 */
const SIZES = (process.env['BENCH_SCALE'] ?? '10000,1000000').split(',').map(Number);
const ROUNDS = 3;
const TURNS = 15;
const EMPTY = '/health/live';

interface Timed {
  readonly size: number;
  readonly route: string;
  readonly milliseconds: number;
  /** Times the empty answer. */
  readonly ratio: number;
}

await withBenchServer(async (server) => {
  const { campaignId } = await setUpProgramme(server.url, OPERATOR_KEY);
  const operator = new ApiClient(server.url, OPERATOR_KEY);
  const routes = ['report?groupBy=day', 'report?groupBy=placement,week', 'reciprocity'];
  const results: Timed[] = [];
  let stored = 0;
  for (const size of SIZES) {
    print(`storing ${size} redemptions …`);
    await fillTo(server.databaseUrl, stored, size);
    stored = size;
    for (const route of routes) results.push(await measure(operator, campaignId, { size, route }));
  }
  printAll(results);
});

async function measure(
  operator: ApiClient,
  campaignId: string,
  { size, route }: Pick<Timed, 'size' | 'route'>,
): Promise<Timed> {
  const rounds: { milliseconds: number; ratio: number }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const times: { report: number[]; empty: number[] } = { report: [], empty: [] };
    for (let turn = 0; turn < TURNS; turn += 1) {
      times.report.push(await timed(() => operator.get(`/v1/campaigns/${campaignId}/${route}`)));
      times.empty.push(await timed(() => operator.get(EMPTY)));
    }
    // The first round warms caches and plans.
    if (round === 0) continue;
    const milliseconds = median(times.report);
    rounds.push({ milliseconds, ratio: milliseconds / median(times.empty) });
  }
  return {
    ...{ size, route },
    milliseconds: median(rounds.map((one) => one.milliseconds)),
    ratio: median(rounds.map((one) => one.ratio)),
  };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function printAll(results: readonly Timed[]): void {
  print(`\n${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, medians of ${ROUNDS} x ${TURNS} answers`);
  for (const { size, route, milliseconds, ratio } of results) {
    const smallest = results.find((one) => one.route === route)?.ratio ?? ratio;
    print(
      `${String(size).padStart(9)} stored   ${route.padEnd(30)} ${milliseconds.toFixed(1).padStart(7)} ms   ` +
        `${ratio.toFixed(1)} x an empty answer   ${(ratio / smallest).toFixed(2)} x the smallest   aim 1.3 x`,
    );
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
