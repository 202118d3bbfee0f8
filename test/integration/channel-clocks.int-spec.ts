import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { ChannelClockCommands } from '../../src/partners/channel-clock.commands.js';
import { ChannelRepository } from '../../src/partners/channel.repository.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { Metrics } from '../../src/platform/metrics/metrics.js';
import { ClockWatch } from '../../src/redemptions/clock-watch.service.js';
import type { Submission, SubmissionResult } from '../../src/redemptions/intake/submission.js';
import { buildChannel, buildPartner } from '../support/code-builders.js';
import { type TestDatabase, testDatabase } from '../support/test-database.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PAGE = { after: null, limit: 50 };

describe('the clocks of tills', () => {
  let server: TestDatabase;
  let source: DataSource;
  let database: Database;
  let watch: ClockWatch;
  let partnerId: string;
  let channelId: string;
  let now: number;

  beforeAll(async () => {
    server = await testDatabase();
    source = await createDataSource(server.url).initialize();
    database = new Database(source);
    watch = aWatch();
  });

  afterAll(async () => {
    await source?.destroy();
    await server?.drop();
  });

  beforeEach(async () => {
    await database.transaction(async (tx) => {
      partnerId = await buildPartner(tx);
      channelId = await buildChannel(tx, partnerId);
      const row = await tx.row<{ now: Date }>('select now() as now');
      now = row!.now.getTime();
    });
  });

  const aWatch = (): ClockWatch =>
    new ClockWatch(database, new ChannelClockCommands(), new Clock(), new Metrics());

  /** Posts that came so many minutes ago from a till whose clock is so far ahead; then what was noticed is written. */
  const posted = async (skewMs: number, minutesAgo: readonly number[], to = watch): Promise<void> => {
    for (const minutes of minutesAgo) {
      const receivedAt = now - minutes * MINUTE;
      to.notice(
        {
          redeemerPartnerId: partnerId,
          channelId,
          occurredAt: receivedAt + skewMs,
          offline: false,
        } as Submission,
        { kind: 'decided', redemption: { receivedAt }, replayed: false } as SubmissionResult,
      );
    }
    await to.write();
  };
  const skewSeconds = async (): Promise<string | null | undefined> => {
    const [channel] = await database.read((tx) => new ChannelRepository().list(tx, partnerId, PAGE));
    return channel?.clockSkewSeconds;
  };

  it('a clock that runs ahead is known from one post, and for a day', async () => {
    expect(await skewSeconds()).toBeNull();
    await posted(2 * HOUR, [5]);
    expect(await skewSeconds()).toBe('7200');
    await posted(2 * HOUR, [4]);
    await source.query(
      `update channel_clocks set seen_at = now() - interval '25 hours' where channel_id = $1`,
      [channelId],
    );
    expect(await skewSeconds()).toBeNull();
  });

  it('posts on time of another till in the channel do not hide it', async () => {
    await posted(HOUR, [5]);
    await posted(0, [3, 2]);
    await posted(-HOUR, [1]);
    expect(await skewSeconds()).toBe('3600');
  });

  it('late posts alone make a clock that is behind, when they go on for a quarter of an hour', async () => {
    await posted(-3 * HOUR, [30, 29, 28, 27, 26]);
    expect(await skewSeconds()).toBeNull();
    await posted(-2 * HOUR, [1]);
    expect(await skewSeconds()).toBe('-7200');
  });

  it('one post on time clears a clock of being behind', async () => {
    await posted(-HOUR, [30, 20, 15, 10, 5]);
    expect(await skewSeconds()).toBe('-3600');
    await posted(-MINUTE, [1]);
    expect(await skewSeconds()).toBeNull();
    await posted(-HOUR, [0]);
    expect(await skewSeconds()).toBeNull();
  });

  it('a repeat, and a till whose clock is right, leave no trace', async () => {
    const submission = { redeemerPartnerId: partnerId, channelId, occurredAt: now + HOUR } as Submission;
    watch.notice(submission, { kind: 'decided', replayed: true } as SubmissionResult);
    await posted(0, [3, 2, 1]);
    expect(await source.query('select from channel_clocks where channel_id = $1', [channelId])).toEqual([]);
  });

  it('two processes that see the same channel add up', async () => {
    const other = aWatch();
    await posted(-HOUR, [40, 30, 20]);
    await posted(-HOUR, [35, 15], other);
    expect(await skewSeconds()).toBe('-3600');
    await Promise.all([posted(HOUR, [2, 1]), posted(2 * HOUR, [3], other)]);
    expect(['3600', '7200']).toContain(await skewSeconds());
  });
});
