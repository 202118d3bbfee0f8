import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import pg from 'pg';
import { retryTransaction } from '../../src/platform/database/retry-transaction.js';
import { attributed } from '../support/attributed.js';
import {
  buildCampaign,
  buildCodeWord,
  buildPartner,
  buildRedemption,
  type TestPartner,
} from '../support/programme.js';
import { hasRedisServer, RedisServer } from '../support/redis-server.js';
import { testApp, type TestApp } from '../support/test-app.js';

interface Store {
  readonly variables: Record<string, string>;
  /** Deletes every job there is. */
  wipe(app: TestApp): Promise<void>;
  close(): Promise<void>;
}

const POSTGRES: () => Promise<Store> = async () => ({
  variables: {},
  wipe: async (app) => {
    const client = new pg.Client({ connectionString: app.databaseUrl });
    await client.connect();
    try {
      // The worker may be at the same rows in another order: whoever is chosen to give way tries again.
      await retryTransaction(async () => void (await client.query('delete from bullmq.job')), { tries: 20 });
    } finally {
      await client.end();
    }
  },
  close: () => Promise.resolve(),
});

const REDIS: () => Promise<Store> = async () => {
  const server = await RedisServer.start();
  const redis = new Redis(server.url);
  return {
    variables: { REDIS_URL: server.url },
    wipe: async () => void (await redis.flushall()),
    close: async () => {
      redis.disconnect();
      await server.stop();
    },
  };
};

const STORES: [string, () => Promise<Store>][] = [['PostgreSQL', POSTGRES]];
if (hasRedisServer()) STORES.push(['Redis', REDIS]);
else it.skip('on Redis: skipped, redis-server is not installed', () => undefined);

describe.each(STORES)('a queue on %s that loses everything it holds', (_name, open) => {
  let app: TestApp;
  let store: Store;
  let redeemer: TestPartner;
  let campaignId: string;

  beforeAll(async () => {
    store = await open();
    app = await testApp(store.variables);
    const issuer = await buildPartner(app.operator);
    redeemer = await buildPartner(app.operator);
    const campaign = await buildCampaign(app.operator, { issuer, redeemer });
    campaignId = campaign.id;
    await buildCodeWord(issuer, campaign.offerIds[0]!, 'LOST');
  });

  afterAll(async () => {
    await app?.stop();
    await store?.close();
  });

  it('costs no redemption: all of them are in the report within the interval of the sweeper', async () => {
    const posts = Array.from({ length: 20 }, async () => {
      const items = Array.from({ length: 25 }, () => buildRedemption(redeemer, 'LOST'));
      await redeemer.pos.must(200, redeemer.pos.post('/v1/redemptions/batch', { items }));
      await store.wipe(app);
    });
    await Promise.all(posts);
    await attributed(app.databaseUrl, 45_000);
    const { body } = await redeemer.finance.get<{ figures: Record<string, { value: string }> }>(
      `/v1/campaigns/${campaignId}/report`,
    );
    expect(body.figures).toMatchObject({
      acceptedRedemptions: { value: '500' },
      promoReceipts: { value: '500' },
      revenue: { value: '22500.00' },
    });
  });
});
