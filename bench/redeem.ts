import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { startEmbeddedPostgres } from '../src/platform/embedded-postgres/embedded-postgres.js';
import { runMigrations } from '../src/platform/database/data-source.js';
import { median } from './redeem/median.js';
import { type BenchProgramme, setUpProgramme } from './redeem/set-up-programme.js';

/*
 * npm run bench:redeem: single redemptions over HTTP with durable commit (fsync on), 64 connections, one code word (the hottest row there
 * is). In the same run and on the same server: an empty route with the same body, and the naive design. Figures are medians of the rounds;
 * the ratios are what counts, machines differ.
 */
const CONNECTIONS = 64;
const ROUNDS = 3;
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 6);

const ROUTES = { empty: '/bench/empty', naive: '/bench/naive', tandem: '/v1/redemptions' } as const;
type Route = keyof typeof ROUTES;

interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

const OPERATOR_KEY = 'tdm_bench0001_benchbenchbenchbenchbench01';
const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: () => undefined });
try {
  await runMigrations(postgres.url);
  const server = fork(fileURLToPath(new URL('./redeem/server.js', import.meta.url)), {
    env: { PATH: process.env['PATH'], DATABASE_URL: postgres.url, OPERATOR_KEY },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [line] = (await once(server.stdout!, 'data')) as [Buffer];
  const url = /http:\S+/.exec(line.toString())?.[0] ?? '';
  const programme = await setUpProgramme(url, OPERATOR_KEY);
  print(await measureAll(url, programme));
  server.kill('SIGTERM');
  await once(server, 'exit');
} finally {
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
}

async function measureAll(url: string, programme: BenchProgramme): Promise<Record<Route, Measured>> {
  const rounds: Record<Route, Measured[]> = { empty: [], naive: [], tandem: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const route of ['empty', 'naive', 'tandem'] as const) {
      const measured = await measure(url, route, programme, round);
      // The first round warms caches, plans and the JIT.
      if (round > 0) rounds[route].push(measured);
      process.stdout.write(`round ${round} ${route.padEnd(7)} ${measured.perSecond.toFixed(0)}/s\n`);
    }
  }
  const medians = (all: Measured[]): Measured => ({
    perSecond: median(all.map((one) => one.perSecond)),
    p50: median(all.map((one) => one.p50)),
    p99: median(all.map((one) => one.p99)),
  });
  return { empty: medians(rounds.empty), naive: medians(rounds.naive), tandem: medians(rounds.tandem) };
}

async function measure(
  url: string,
  route: Route,
  programme: BenchProgramme,
  round: number,
): Promise<Measured> {
  let sent = 0;
  const result = await autocannon({
    url: url + ROUTES[route],
    connections: CONNECTIONS,
    duration: SECONDS,
    method: 'POST',
    headers: { authorization: `Bearer ${programme.posKey}`, 'content-type': 'application/json' },
    // A refusal is a 201 too.
    verifyBody: (body) => String(body).includes('"status":"accepted"'),
    requests: [
      {
        setupRequest: (request) => {
          sent += 1;
          return { ...request, body: programme.body(`${route}-${round}-${sent}`) };
        },
      },
    ],
  });
  if (result.non2xx > 0 || result.errors > 0 || result.mismatches > 0)
    throw new Error(
      `${route}: ${result.non2xx} answers other than 2xx, ${result.errors} errors, ${result.mismatches} refusals`,
    );
  return { perSecond: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 };
}

function print({ empty, naive, tandem }: Record<Route, Measured>): void {
  const row = (name: string, { perSecond, p50, p99 }: Measured): string =>
    `${name.padEnd(34)} ${perSecond.toFixed(0).padStart(8)}/s   p50 ${p50.toFixed(0).padStart(4)} ms   p99 ${p99.toFixed(0).padStart(4)} ms\n`;
  process.stdout.write(
    `\n${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}, ${CONNECTIONS} connections, medians of ${ROUNDS} x ${SECONDS} s\n`,
  );
  process.stdout.write(row('empty route, same body (ceiling)', empty));
  process.stdout.write(row('naive: a transaction per request', naive));
  process.stdout.write(row('Tandem POST /v1/redemptions', tandem));
  process.stdout.write(
    `Tandem / ceiling ${(tandem.perSecond / empty.perSecond).toFixed(2)}   Tandem / naive ${(tandem.perSecond / naive.perSecond).toFixed(2)}\n`,
  );
}
