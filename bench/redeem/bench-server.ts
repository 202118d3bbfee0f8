import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMigrations } from '../../src/platform/database/data-source.js';
import { startEmbeddedPostgres } from '../../src/platform/embedded-postgres/embedded-postgres.js';

export const OPERATOR_KEY = 'tdm_bench0001_benchbenchbenchbenchbench01';

/** Tandem's API on a database of its own, with the two routes it is compared with. */
export interface BenchServer {
  readonly url: string;
  readonly databaseUrl: string;
  /** Starts a worker process; answers how to stop it. */
  startWorker(): Promise<() => Promise<void>>;
}

/** Runs `work` beside a new embedded PostgreSQL (fsync on) and one API process; removes everything afterwards. */
export async function withBenchServer(work: (server: BenchServer) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'tandem-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'data'), log: () => undefined });
  const variables = { PATH: process.env['PATH'], DATABASE_URL: postgres.url, OPERATOR_KEY };
  try {
    await runMigrations(postgres.url);
    const server = start(new URL('./server.js', import.meta.url), variables);
    const url = await addressOf(server);
    const startWorker = async () => {
      const worker = start(new URL('../../src/main.js', import.meta.url), {
        ...variables,
        ROLE: 'worker',
        PORT: '0',
        LOG_LEVEL: 'error',
      });
      return () => stop(worker);
    };
    try {
      await work({ url, databaseUrl: postgres.url, startWorker });
    } finally {
      await stop(server);
    }
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function start(file: URL, env: NodeJS.ProcessEnv): ChildProcess {
  return fork(fileURLToPath(file), {
    env,
    // As `npm start` and the Dockerfile run it.
    execArgv: ['--max-semi-space-size=64'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

async function addressOf(server: ChildProcess): Promise<string> {
  const [line] = (await once(server.stdout!, 'data')) as [Buffer];
  return /http:\S+/.exec(line.toString())?.[0] ?? '';
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
