import { Logger } from '@nestjs/common';
import { TandemError } from './kernel/errors.js';
import { type Environment, EnvironmentError, readEnvironment } from './platform/config/environment.js';
import { openDataFolder } from './platform/embedded-postgres/open-data-folder.js';
import { describeDifference } from './reconciliation/domain/describe-difference.js';
import { type Parameters, readParameters } from './reconciliation/domain/read-parameters.js';
import { openReconciliation } from './reconciliation/open-reconciliation.js';
import type { ReconciliationListener } from './reconciliation/reconcile.service.js';

const USAGE = `Usage: npm run reconcile -- [--repair] [--redeemer <partner id>] [--campaign <campaign id>]

Compares counters and rollups with what was recorded, in DATABASE_URL or in the data folder DATA_DIR, while Tandem runs or not.
Exit code: 0 when all is equal, 1 when something differs or differed before it was repaired, 2 when it could not be told.
`;
const [EQUAL, DIFFERENT, UNKNOWN] = [0, 1, 2];

async function main(words: readonly string[]): Promise<number> {
  const parameters = readParameters(words);
  if (!parameters) {
    print(USAGE);
    return UNKNOWN;
  }
  const database = await openDatabase(readEnvironment());
  try {
    return await reconcile(database.url, parameters);
  } finally {
    await database.close();
  }
}

async function openDatabase({ DATABASE_URL: url, DATA_DIR: dataDir }: Environment) {
  if (url !== undefined) return { url, close: () => Promise.resolve() };
  return openDataFolder({ dataDir, log: (line) => Logger.warn(line, 'postgres') });
}

async function reconcile(databaseUrl: string, { repairs, ...scope }: Parameters): Promise<number> {
  const { service, close } = await openReconciliation(databaseUrl);
  try {
    const { redeemers, found, left } = await service.run(scope, repairs, toTerminal(repairs));
    if (redeemers === 0) print('There is no such redeemer.');
    const outcome = repairs
      ? `${found - left} repaired, ${left} left`
      : 'npm run reconcile -- --repair repairs them';
    print(
      found === 0
        ? `\nEverything is what the facts say (${redeemers} partners).`
        : `\n${found} rows differ: ${outcome}.`,
    );
    return found === 0 ? EQUAL : DIFFERENT;
  } finally {
    await close();
  }
}

function toTerminal(repairs: boolean): ReconciliationListener {
  return {
    compared: ({ id, name }, found, waiting) => {
      const wait = waiting > 0 ? `; ${waiting} receipts wait for a worker and were left out` : '';
      print(`${name} (${id}): ${found === 0 ? 'equal' : `${found} rows differ`}${wait}`);
    },
    differs: (difference) =>
      print(
        describeDifference(difference)
          .map((line) => `  ${line}`)
          .join('\n'),
      ),
    repaired: (_, found, left) => {
      if (!repairs) return;
      print(
        left === 0
          ? `  repaired: all ${found}, compared again: equal`
          : `  compared again after the repair: ${left} rows differ still`,
      );
    },
  };
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  // What whoever runs this can put right needs its sentence; the stack is for faults of ours.
  const isExpected =
    error instanceof EnvironmentError || (error instanceof TandemError && error.kind === 'operational');
  const sentence =
    error instanceof Error ? (isExpected ? error.message : (error.stack ?? error.message)) : String(error);
  process.stderr.write(`${sentence}\n`);
  process.exitCode = UNKNOWN;
}
