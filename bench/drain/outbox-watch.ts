import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const LOOK_EVERY_MS = 50;

/** What waits for the workers, seen from outside. */
export class OutboxWatch {
  private constructor(private readonly client: pg.Client) {}

  static async open(databaseUrl: string): Promise<OutboxWatch> {
    const client = new pg.Client(databaseUrl);
    await client.connect();
    return new OutboxWatch(client);
  }

  async close(): Promise<void> {
    await this.client.end();
  }

  /** Facts that are not attributed yet. */
  async waiting(): Promise<number> {
    return this.number(`select coalesce(sum(facts), 0)::integer as number from outbox`);
  }

  /** Redemptions that reports know. */
  async attributed(): Promise<number> {
    return this.number(`select coalesce(sum(redemptions), 0)::integer as number from campaign_daily`);
  }

  /** Facts per second, from the first one that is attributed to the last. */
  async drainRate(): Promise<number> {
    const all = await this.waiting();
    let left = all;
    while (left === all) left = await this.next();
    const begun = { at: performance.now(), left };
    while (left > 0) left = await this.next();
    return begun.left / ((performance.now() - begun.at) / 1_000);
  }

  private async next(): Promise<number> {
    await sleep(LOOK_EVERY_MS);
    return this.waiting();
  }

  private async number(sql: string): Promise<number> {
    const { rows } = await this.client.query<{ number: number }>(sql);
    return rows[0]?.number ?? 0;
  }
}
