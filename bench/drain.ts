import { cpus } from 'node:os';
import { withCustomers } from './drain/customers.js';
import { OutboxWatch } from './drain/outbox-watch.js';
import { Till } from './offline/till.js';
import { type BenchServer, OPERATOR_KEY, withBenchServer } from './redeem/bench-server.js';
import { measure } from './redeem/load.js';
import { median } from './redeem/median.js';
import { type BenchProgramme, setUpProgramme } from './redeem/set-up-programme.js';

/*
 * npm run bench:drain: a backlog of 200,000 redemptions of four partners, taken in over HTTP in batches of 500 while no worker runs, then
 * attributed by one worker process. In the same run: the rate at which they came in, and that of single posts; the higher one is the
 * reference. Half of the redemptions name a customer. Figures are medians of the rounds; the ratio is what counts, machines differ.
 */
const BACKLOG = Number(process.env['BENCH_BACKLOG'] ?? 200_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const WORKERS = Number(process.env['BENCH_WORKERS'] ?? 1);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const REDEEMERS = 4;
const BATCH = 500;
/** Calls under way at a time. */
const IN_FLIGHT = 4;
const CONNECTIONS = 64;

await withBenchServer(async (server) => {
  const programmes: BenchProgramme[] = [];
  for (let index = 0; index < REDEEMERS; index += 1)
    programmes.push(withCustomers(await setUpProgramme(server.url, OPERATOR_KEY)));
  const watch = await OutboxWatch.open(server.databaseUrl);
  tell(`${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}`);
  try {
    await compare(server, watch, programmes);
    await drainOne(server, watch, programmes[0]!);
  } finally {
    await watch.close();
  }
});

async function compare(
  server: BenchServer,
  watch: OutboxWatch,
  programmes: readonly BenchProgramme[],
): Promise<void> {
  const rates = { single: [] as number[], batches: [] as number[], drained: [] as number[] };
  await takeIn(server.url, programmes, 'warm-up', BATCH * REDEEMERS);
  for (let round = 1; round <= ROUNDS; round += 1) {
    const single = await measureSingle(server.url, programmes[0]!);
    const batches = await takeIn(server.url, programmes, `round-${round}`, BACKLOG);
    const drained = await drain(server, watch);
    tell(
      `round ${round}   single ${fixed(single)}/s   batches ${fixed(batches)}/s   drained ${fixed(drained)}/s`,
    );
    rates.single.push(single);
    rates.batches.push(batches);
    rates.drained.push(drained);
  }
  const [single, batches, drained] = [median(rates.single), median(rates.batches), median(rates.drained)];
  tell(
    `\nmedians of ${ROUNDS} rounds, ${BACKLOG} redemptions of ${REDEEMERS} partners each, ${WORKERS} worker process(es)`,
  );
  tell(`single posts, ${CONNECTIONS} connections     ${fixed(single)}/s`);
  tell(`batches of ${BATCH}, ${IN_FLIGHT} under way      ${fixed(batches)}/s`);
  tell(`attributed                       ${fixed(drained)}/s`);
  tell(
    `attributed / highest intake      ${(drained / Math.max(single, batches)).toFixed(2).padStart(6)}     aim: above 1`,
  );
}

/** One partner has one worker at a time: what becomes of its upload when nobody else has a backlog. */
async function drainOne(server: BenchServer, watch: OutboxWatch, programme: BenchProgramme): Promise<void> {
  const batches = await takeIn(server.url, [programme], 'alone', Math.ceil(BACKLOG / REDEEMERS));
  const drained = await drain(server, watch);
  tell(
    `one partner alone: batches ${fixed(batches)}/s, attributed ${fixed(drained)}/s, ratio ${(drained / batches).toFixed(2)}`,
  );
}

async function measureSingle(url: string, programme: BenchProgramme): Promise<number> {
  const load = { url: `${url}/v1/redemptions`, programme, connections: CONNECTIONS, seconds: SECONDS };
  return (await measure(load)).perSecond;
}

/** Posts so many redemptions in batches, the partners in turn; answers how many a second that were. */
async function takeIn(
  url: string,
  programmes: readonly BenchProgramme[],
  name: string,
  count: number,
): Promise<number> {
  const tills = programmes.map((programme, index) => new Till(url, programme, `${name}-${index}`));
  const batches = Math.ceil(count / BATCH);
  const start = performance.now();
  let next = 0;
  const caller = async (): Promise<void> => {
    while (next < batches) {
      const till = tills[next % tills.length]!;
      next += 1;
      await till.upload(BATCH);
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
  return (batches * BATCH) / ((performance.now() - start) / 1_000);
}

async function drain(server: BenchServer, watch: OutboxWatch): Promise<number> {
  const expected = (await watch.waiting()) + (await watch.attributed());
  const workers = Array.from({ length: WORKERS }, () => server.startWorker());
  const rate = await watch.drainRate();
  for (const stop of await Promise.all(workers)) await stop();
  const attributed = await watch.attributed();
  if (attributed !== expected) throw new Error(`${attributed} of ${expected} redemptions are in the rollups`);
  return rate;
}

function fixed(value: number): string {
  return value.toFixed(0).padStart(6);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
