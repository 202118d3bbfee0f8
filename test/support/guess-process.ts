import type { DataSource } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { Listener } from '../../src/platform/database/listener.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { type Guesser, GuessLockRepository } from '../../src/redemptions/guess-lock.repository.js';
import { GuessRecorder } from '../../src/redemptions/guess-recorder.js';
import { KnownGuessLocks } from '../../src/redemptions/known-guess-locks.js';
import { ShiftedClock } from './partner-builders.js';

/** The guess locks as one process of many has them, without HTTP. */
export class GuessProcess {
  readonly clock = new ShiftedClock();
  readonly known: KnownGuessLocks;
  readonly recorder: GuessRecorder;
  private readonly database: Database;

  private constructor(
    private readonly source: DataSource,
    readonly listener: Listener,
  ) {
    const repository = new GuessLockRepository();
    this.database = new Database(source);
    this.known = new KnownGuessLocks(this.database, repository, this.clock, listener);
    this.recorder = new GuessRecorder(this.database, repository, this.known, this.clock, new Metrics());
  }

  /** `listenUrl` lets a test break the line on which changes are heard and no other. */
  static async start(url: string, listenUrl: string = url): Promise<GuessProcess> {
    const source = await createDataSource(url, { poolSize: 3 }).initialize();
    const process = new GuessProcess(source, new Listener(listenUrl));
    await process.known.onApplicationBootstrap();
    await process.listener.onApplicationBootstrap();
    return process;
  }

  /** The failures that are owed, as stored. */
  async debtOf({ redeemerPartnerId, keyId, channelId }: Guesser): Promise<number> {
    const row = await this.database.read((tx) =>
      tx.row<{ debt: number }>(
        'select debt from guess_locks where redeemer_partner_id = $1 and api_key_id = $2 and channel_id = $3',
        [redeemerPartnerId, keyId, channelId],
      ),
    );
    return row?.debt ?? 0;
  }

  async stop(): Promise<void> {
    await this.listener.onModuleDestroy();
    await this.source.destroy();
  }
}
