import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlainInserts } from './offline/plain-inserts.js';
import { Till } from './offline/till.js';
import { OPERATOR_KEY, withBenchServer } from './redeem/bench-server.js';
import { median } from './redeem/median.js';
import { setUpProgramme } from './redeem/set-up-programme.js';

/*
 * npm run bench:offline: what an offline till uploads, in batches of 500 over HTTP with durable commit; one code word, then 10,000 coupons.
 * In the same run: plain inserts of 500 such rows into the same table. Figures are medians of the rounds; the ratios are what
 * counts. Then 100,000 sales are uploaded while other tills sell, whose waits are compared with those when nobody uploads.
 */
const BATCH = 500;
const ROUNDS = 3;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);
const COUPONS = 10_000;
/** Calls under way at a time: a till with a queue does not wait for the answer of one before it sends the next. */
const IN_FLIGHT = 4;
const UPLOAD = Number(process.env['BENCH_UPLOAD'] ?? 100_000);
const LARGEST_CALL = 1_000;
const LIVE_TILLS = 4;

type NewTill = (name: string) => Till;

await withBenchServer(async (server) => {
  const word = await setUpProgramme(server.url, OPERATOR_KEY);
  const stopWorker = await server.startWorker();
  const coupons = await word.coupons(COUPONS);
  await stopWorker();
  const wordTill: NewTill = (name) => new Till(server.url, word, `word-${name}`);
  const couponTill: NewTill = (name) => new Till(server.url, coupons, `coupons-${name}`);
  tell(
    `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}, rounds of ${SECONDS} s`,
  );
  await wordTill('first').upload(1);
  await compareWithInserts(server.databaseUrl, wordTill, couponTill);
  await uploadBesideTills(wordTill);
});

async function compareWithInserts(
  databaseUrl: string,
  wordTill: NewTill,
  couponTill: NewTill,
): Promise<void> {
  const inserts = await PlainInserts.open(databaseUrl);
  const rates = { plain: [] as number[], word: [] as number[], coupons: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [wordUploads, couponUploads] = [wordTill(`${round}`), couponTill(`${round}`)];
    const plain = await rate(1, () => inserts.insert(BATCH));
    const word = await rate(IN_FLIGHT, () => wordUploads.upload(BATCH));
    const coupons = await rate(IN_FLIGHT, () => couponUploads.upload(BATCH));
    tell(
      `round ${round}   plain ${fixed(plain)}/s   code word ${fixed(word)}/s   coupons ${fixed(coupons)}/s`,
    );
    // The first round warms caches, plans and the JIT.
    if (round === 0) continue;
    rates.plain.push(plain);
    rates.word.push(word);
    rates.coupons.push(coupons);
  }
  await inserts.close();
  const plain = median(rates.plain);
  tell(`\nmedians of ${ROUNDS} rounds, ${IN_FLIGHT} calls under way`);
  tell(`plain inserts of ${BATCH} rows          ${fixed(plain)}/s`);
  for (const [name, own] of [
    ['one code word', rates.word] as const,
    ['10,000 coupons', rates.coupons] as const,
  ])
    tell(
      `Tandem, ${BATCH} a call, ${name.padEnd(14)} ${fixed(median(own))}/s   ratio ${(median(own) / plain).toFixed(2)}`,
    );
}

async function uploadBesideTills(till: NewTill): Promise<void> {
  const alone = await sellWhile('alone', till, () => sleep(SECONDS * 1_000));
  const start = performance.now();
  const uploader = till('week');
  let left = UPLOAD;
  const beside = await sellWhile('beside', till, () =>
    inParallel(IN_FLIGHT, async () => {
      while (left > 0) {
        const count = Math.min(left, LARGEST_CALL);
        left -= count;
        await uploader.upload(count);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  tell(
    `\n${UPLOAD} sales uploaded, ${LARGEST_CALL} a call, while ${LIVE_TILLS} tills sell: ${seconds.toFixed(1)} s, ${fixed(UPLOAD / seconds)}/s`,
  );
  tell(`the tills meanwhile       ${waitsOf(beside)}`);
  tell(`when nobody uploads       ${waitsOf(alone)}`);
}

/** The waits of tills that sell one thing after the other until `work` is done. */
async function sellWhile(name: string, till: NewTill, work: () => Promise<unknown>): Promise<number[]> {
  const waits: number[] = [];
  let isDone = false;
  const selling = inParallel(LIVE_TILLS, async (index) => {
    const one = till(`${name}-${index}`);
    while (!isDone) waits.push(await one.sell());
  });
  await work().finally(() => (isDone = true));
  await selling;
  return waits;
}

/** Items per second of so many that run `work` over and over for a while, each time for a batch. */
async function rate(width: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  const end = start + SECONDS * 1_000;
  let batches = 0;
  await inParallel(width, async () => {
    while (performance.now() < end) {
      await work();
      batches += 1;
    }
  });
  return (batches * BATCH) / ((performance.now() - start) / 1_000);
}

async function inParallel(width: number, run: (index: number) => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: width }, (_, index) => run(index)));
}

function waitsOf(waits: readonly number[]): string {
  const sorted = [...waits].sort((a, b) => a - b);
  const at = (share: number) => fixed(sorted[Math.floor(sorted.length * share)] ?? NaN);
  return `p50 ${at(0.5)} ms   p99 ${at(0.99)} ms   ${sorted.length} sales`;
}

function fixed(value: number): string {
  return value.toFixed(0).padStart(6);
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}
