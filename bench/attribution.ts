import { cpus } from 'node:os';
import pg from 'pg';
import { ATTRIBUTION_MODELS } from '../src/attribution/domain/compare-models.js';
import type { CreditsAnswer } from '../src/credits/domain/credits-answer.js';
import { ApiClient } from '../src/demo/api-client.js';
import { fillJourneys } from './attribution/fill-journeys.js';
import { OPERATOR_KEY, withBenchServer } from './redeem/bench-server.js';
import { median } from './redeem/median.js';
import { setUpProgramme } from './redeem/set-up-programme.js';

/*
 * npm run bench:attribution: all attribution models of a campaign with a million journeys of five touches, over HTTP. The reference of the
 * same run is one count(*) over these touches: what PostgreSQL takes to look at each of them once. Without time_decay, equal journeys
 * come together in PostgreSQL, so that is measured too. Medians of the rounds; the ratio is what counts, machines differ.
 */
const JOURNEYS = Number(process.env['BENCH_JOURNEYS'] ?? 1_000_000);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 3);
const TOUCHES = 5;

await withBenchServer(async ({ url, databaseUrl }) => {
  const { campaignId } = await setUpProgramme(url, OPERATOR_KEY);
  print(`${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}`);
  print(`storing ${JOURNEYS} journeys of ${TOUCHES} touches …`);
  await fillJourneys(databaseUrl, JOURNEYS);
  const client = new pg.Client(databaseUrl);
  await client.connect();
  try {
    await compare(new ApiClient(url, OPERATOR_KEY), client, `/v1/campaigns/${campaignId}/attribution`);
  } finally {
    await client.end();
  }
});

async function compare(operator: ApiClient, client: pg.Client, path: string): Promise<void> {
  const times = { count: [] as number[], all: [] as number[], byPath: [] as number[] };
  const withoutAges = ATTRIBUTION_MODELS.filter((model) => model !== 'time_decay').join(',');
  for (let round = 1; round <= ROUNDS; round += 1) {
    times.count.push(await timed(() => countTouches(client)));
    times.all.push(await timed(() => askFor(operator, path)));
    times.byPath.push(await timed(() => askFor(operator, `${path}?models=${withoutAges}`)));
    print(
      `round ${round}   count(*) ${shown(times.count)}   all models ${shown(times.all)}   without time_decay ${shown(times.byPath)}`,
    );
  }
  const [count, all, byPath] = [median(times.count), median(times.all), median(times.byPath)];
  print(`\nmedians of ${ROUNDS} rounds, ${JOURNEYS} journeys of ${TOUCHES} touches`);
  print(`one count(*) over the touches     ${seconds(count)}`);
  print(`all models                        ${seconds(all)}   ratio ${(all / count).toFixed(1)}`);
  print(`all but time_decay                ${seconds(byPath)}   ratio ${(byPath / count).toFixed(1)}`);
  print(`journeys a second, all models     ${((JOURNEYS / all) * 1_000).toFixed(0)}`);
}

async function countTouches(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ touches: string }>('select count(*) as touches from touches');
  if (Number(rows[0]?.touches) !== JOURNEYS * TOUCHES) throw new Error('not all touches are stored');
}

/** An answer that did not look at all journeys ends the run. */
async function askFor(operator: ApiClient, path: string): Promise<void> {
  const { journeys } = await operator.get<CreditsAnswer>(path);
  if (journeys.all !== JOURNEYS) throw new Error(`${journeys.all} journeys instead of ${JOURNEYS}`);
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

function shown(times: readonly number[]): string {
  return seconds(times.at(-1) ?? NaN);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`.padStart(9);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
