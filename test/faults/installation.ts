import pg from 'pg';
import { hasRedisServer, RedisServer } from '../support/redis-server.js';
import { testDatabase } from '../support/test-database.js';
import { Fleet } from './fleet.js';
import { GivenAnswers } from './given-answers.js';
import { LoadClient, type LoadOptions } from './load-client.js';
import { expectExact, type OracleAnswer } from './oracle.js';
import type { Post } from './posts.js';
import { buildWorld, type World, type WorldLimits } from './world.js';

export interface InstallationOptions {
  readonly apis: number;
  readonly workers: number;
  /** Where PostgreSQL is: for the processes, and for whoever looks at it. Default: a database on the server of this run. */
  readonly database?: { readonly url: string; readonly watchUrl: string };
  /** `postgres` keeps the queue in the database. Default: a Redis of its own where there is one. */
  readonly queue?: 'redis' | 'postgres';
  readonly variables?: Readonly<Record<string, string>>;
}

/** A Tandem in several processes with servers of its own, campaigns to redeem in, and what its tills have been told so far. */
export class Installation {
  readonly given = new GivenAnswers();
  private readonly worlds: World[] = [];
  private readonly loads: LoadClient[] = [];

  private constructor(
    readonly fleet: Fleet,
    readonly redis: RedisServer | undefined,
    /** To look at the database with; finds it again when it was away. */
    readonly watch: pg.Pool,
    private readonly watchUrl: string,
    private readonly dropDatabase: () => Promise<void>,
  ) {}

  static async start(options: InstallationOptions): Promise<Installation> {
    const wantsRedis = options.queue === 'redis' || (options.queue === undefined && hasRedisServer());
    const redis = wantsRedis ? await RedisServer.start() : undefined;
    const own = options.database ? undefined : await testDatabase();
    const { url, watchUrl } = options.database ?? { url: own?.url ?? '', watchUrl: own?.url ?? '' };
    const { apis, workers, variables = {} } = options;
    const fleet = await Fleet.start({ databaseUrl: url, redisUrl: redis?.url, apis, workers, variables });
    const watch = new pg.Pool({ connectionString: watchUrl, max: 2 });
    // A test may stop the server under an idle connection.
    watch.on('error', () => undefined);
    return new Installation(fleet, redis, watch, watchUrl, async () => own?.drop());
  }

  /** The campaign that was opened last. */
  get world(): World {
    const world = this.worlds.at(-1);
    if (!world) throw new Error('no world was opened yet');
    return world;
  }

  /** Builds a campaign of new partners, in which no limit is reached yet. */
  async openWorld(limits?: Partial<WorldLimits>): Promise<void> {
    this.given.forgetAccepted();
    this.worlds.push(await buildWorld(this.fleet.operator, limits));
  }

  /** Tills that post from now on. */
  load(options: Pick<LoadOptions, 'plan'> & Partial<LoadOptions>): LoadClient {
    const load = new LoadClient({ targets: this.fleet.targets, ...options }, this.given);
    this.loads.push(load);
    return load.start();
  }

  /** Tills that post these, each once, and wait for their answers. */
  async post(posts: readonly Post[], connections: number): Promise<LoadClient> {
    const left = [...posts];
    const load = this.load({ plan: () => left.shift(), connections, pauseMs: 0 });
    await load.finish();
    return load;
  }

  /**
   * The oracle, about everything that was posted so far; before it, that no till was told anything but answers and to come
   * again, and that no process has died of a fault of something else.
   */
  async check(drainedWithinMs?: number): Promise<OracleAnswer> {
    return expectExact({
      ...{ databaseUrl: this.watchUrl, worlds: this.worlds, given: this.given, drainedWithinMs },
      wrongs: [...this.fleet.deaths, ...this.loads.flatMap(({ wrongs }) => wrongs)],
    });
  }

  async stop(): Promise<void> {
    await this.watch.end().catch(() => undefined);
    await this.fleet.stop();
    await this.redis?.stop();
    await this.dropDatabase();
  }
}
