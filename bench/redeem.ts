import { cpus } from 'node:os';
import { drained } from './redeem/backlog.js';
import { type BenchServer, OPERATOR_KEY, withBenchServer } from './redeem/bench-server.js';
import { type Load, type Measured, measure, medians } from './redeem/load.js';
import { type BenchProgramme, setUpProgramme } from './redeem/set-up-programme.js';

/*
 * npm run bench:redeem: single redemptions over HTTP with durable commit (fsync on), 64 connections. One code word (the hottest row there
 * is), then 10,000 coupons. In the same run and on the same server: an empty route with the same body, and the naive design. Then with
 * a worker that keeps up, and the latencies at half the highest rate. Figures are medians of the rounds; the ratios are what counts.
 */
const CONNECTIONS = 64;
const ROUNDS = 3;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const COUPONS = 10_000;

const CASES = ['empty', 'naive word', 'word', 'naive coupons', 'coupons'] as const;
type Case = (typeof CASES)[number];
type Results = Record<Case, Measured>;

await withBenchServer(async (server) => {
  const word = await setUpProgramme(server.url, OPERATOR_KEY);
  const stopWorker = await server.startWorker();
  const coupons = await word.coupons(COUPONS);
  await stopWorker();
  const load = (route: string, programme: BenchProgramme, rate?: number): Load => ({
    ...{ url: server.url + route, programme, connections: CONNECTIONS, seconds: SECONDS },
    ...(rate !== undefined && { rate }),
  });
  const loads: Record<Case, Load> = {
    empty: load('/bench/empty', word),
    'naive word': load('/bench/naive', word),
    word: load('/v1/redemptions', word),
    'naive coupons': load('/bench/naive', coupons),
    coupons: load('/v1/redemptions', coupons),
  };
  const results = await measureRounds(loads);
  printThroughput(results);
  printLatency(await measureAtHalf(loads, results));
  printSustained(results.empty, await measureWithWorker(server, loads.word));
});

async function measureRounds(loads: Record<Case, Load>): Promise<Results> {
  const rounds = new Map<Case, Measured[]>(CASES.map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const name of CASES) {
      const measured = await measure(loads[name]);
      // The first round warms caches, plans and the JIT.
      if (round > 0) rounds.get(name)!.push(measured);
      print(`round ${round} ${name.padEnd(14)} ${measured.perSecond.toFixed(0)}/s`);
    }
  }
  return Object.fromEntries(CASES.map((name) => [name, medians(rounds.get(name)!)])) as Results;
}

/** Both at half of what Tandem can do at most: what a till sees on a busy day, not in a flood. */
async function measureAtHalf(loads: Record<Case, Load>, { word }: Results) {
  const rate = word.perSecond / 2;
  const rounds: { empty: Measured[]; word: Measured[] } = { empty: [], word: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.empty.push(await measure({ ...loads.empty, rate }));
    rounds.word.push(await measure({ ...loads.word, rate }));
  }
  return { rate, empty: medians(rounds.empty), word: medians(rounds.word) };
}

/** The rate at which redemptions are taken and attributed: the time until the backlog is gone counts too. */
async function measureWithWorker(server: BenchServer, load: Load): Promise<number> {
  const stopWorker = await server.startWorker();
  // What the rounds before left behind.
  await drained(server.databaseUrl);
  const rates: Measured[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured = await measure(load);
    const behind = await drained(server.databaseUrl);
    const perSecond = (measured.perSecond * SECONDS) / (SECONDS + behind);
    rates.push({ ...measured, perSecond });
    print(`with a worker ${measured.perSecond.toFixed(0)}/s, attributed ${behind.toFixed(1)} s later`);
  }
  await stopWorker();
  return medians(rates).perSecond;
}

function printThroughput(results: Results): void {
  const row = (label: string, { perSecond, p50, p99 }: Measured) =>
    print(
      `${label.padEnd(44)} ${perSecond.toFixed(0).padStart(7)}/s   p50 ${p50.toFixed(0).padStart(4)} ms   p99 ${p99.toFixed(0).padStart(4)} ms`,
    );
  print(
    `\n${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${CONNECTIONS} connections, medians of ${ROUNDS} x ${SECONDS} s`,
  );
  row('empty route, same body (ceiling)', results.empty);
  row('one code word: naive, a transaction per request', results['naive word']);
  row('one code word: Tandem', results.word);
  row(`${COUPONS} coupons: naive`, results['naive coupons']);
  row(`${COUPONS} coupons: Tandem`, results.coupons);
  const ratio = (name: string, of: Measured, to: Measured, aim: string) =>
    print(`${name.padEnd(44)} ${(of.perSecond / to.perSecond).toFixed(2).padStart(7)}     aim ${aim}`);
  ratio('Tandem / ceiling, code word', results.word, results.empty, '0.5');
  ratio('Tandem / naive, code word', results.word, results['naive word'], '5');
  ratio('Tandem / ceiling, coupons', results.coupons, results.empty, '0.5');
  ratio('Tandem / naive, coupons', results.coupons, results['naive coupons'], '1.5');
}

function printLatency({ rate, empty, word }: Awaited<ReturnType<typeof measureAtHalf>>): void {
  const both = ({ p50, p99 }: Measured) => `p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`;
  print(`at half the highest rate (${rate.toFixed(0)}/s): Tandem ${both(word)}; empty route ${both(empty)}`);
}

function printSustained(empty: Measured, perSecond: number): void {
  const ratio = (perSecond / empty.perSecond).toFixed(2);
  print(`${'Tandem / ceiling with attribution keeping up'.padEnd(44)} ${ratio.padStart(7)}     aim 0.3`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
