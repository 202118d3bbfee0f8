import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ApiClient } from '../src/demo/api-client.js';
import { readEnvironment } from '../src/platform/config/environment.js';
import { startApplication } from '../src/start-application.js';

/** A Tandem to drive, as its operator. */
export interface ReplayTarget {
  readonly operator: ApiClient;
  stop(): Promise<void>;
}

// Compiled, this file lies in dist/bench.
const OWN_DATA = resolve(fileURLToPath(import.meta.url), '../../../data/replay');

/**
 * The server that TANDEM_URL and OPERATOR_KEY name; without them one of our own, on data/replay and a free port, whose data
 * stays for the next replay.
 */
export async function openTarget(tell: (step: string) => void): Promise<ReplayTarget> {
  const { TANDEM_URL: url, OPERATOR_KEY: key } = process.env;
  if (!url) return startOwn(tell);
  if (!key) throw new Error('TANDEM_URL needs OPERATOR_KEY beside it');
  return { operator: new ApiClient(url.replace(/\/+$/, ''), key), stop: () => Promise.resolve() };
}

async function startOwn(tell: (step: string) => void): Promise<ReplayTarget> {
  const operatorKey = keptKey();
  const environment = readEnvironment({
    ...{ DATA_DIR: OWN_DATA, PORT: '0', DEMO: 'off', OPERATOR_KEY: operatorKey },
    LOG_LEVEL: 'warn',
  });
  const application = await startApplication(environment, tell);
  return { operator: new ApiClient(application.url, operatorKey), stop: () => application.stop() };
}

/** The operator key of our own server, made once. It opens nothing but the replayed data, on this machine, while a replay runs. */
function keptKey(): string {
  const file = join(OWN_DATA, 'operator-key');
  mkdirSync(OWN_DATA, { recursive: true });
  try {
    writeFileSync(file, `tdm_replay_${randomBytes(24).toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
