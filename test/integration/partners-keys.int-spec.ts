import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { adminOf, OPERATOR, PartnersProcess } from '../support/partner-builders.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { testDatabase } from '../support/test-database.js';

const HOUR = 3_600_000;
/** Far less than an answer is kept, with or without a listener: only a notification can be this quick. */
const AT_ONCE_MS = 1_000;

let database: Awaited<ReturnType<typeof testDatabase>>;
let line: TcpProxy;
let here: PartnersProcess;
/** Another process, whose line for changes can be cut. */
let there: PartnersProcess;
let partnerId: string;

beforeAll(async () => {
  database = await testDatabase();
  line = await TcpProxy.start(database.url);
  here = await PartnersProcess.start(database.url);
  there = await PartnersProcess.start(database.url, line.url);
  partnerId = (await here.buildPartner()).id;
});

afterAll(async () => {
  await here.stop();
  await there.stop();
  await line.cut();
  await database.drop();
});

describe('an API key', () => {
  it('says who is asking', async () => {
    const channel = await here.buildChannel(partnerId);
    const { id, key } = await here.buildKey(partnerId, { role: 'pos', channelId: channel.id });
    const principal = { keyId: id, role: 'pos', partnerId, channelId: channel.id };
    expect(await here.principals.resolve(key)).toEqual(principal);
    expect(await there.principals.resolve(key)).toEqual(principal);
  });

  it('works with its own secret only', async () => {
    const { key } = await here.buildKey(partnerId);
    const last = key.at(-1) === 'a' ? 'b' : 'a';
    expect(await here.principals.resolve(key.slice(0, -1) + last)).toBeUndefined();
    expect(await here.principals.resolve(key)).toBeDefined();
    expect(await here.principals.resolve(key.slice(0, -1) + last)).toBeUndefined();
  });

  it('is not in the database', async () => {
    const { id, key } = await here.buildKey(partnerId);
    const secret = key.slice(`tdm_${id}_`.length);
    const stored = await here.database.read((tx) =>
      tx.row<{ all: string }>('select k::text as all from api_keys k where k.id = $1', [id]),
    );
    expect(stored?.all).toContain(id);
    expect(stored?.all).not.toContain(secret);
    expect(stored?.all).not.toContain(Buffer.from(secret).toString('hex'));
  });

  it('stops working when its time is over by the clock of the database, however wrong the own clock is', async () => {
    const { key } = await here.buildKey(partnerId, { expiresAt: here.clock.now() + 50_000 });
    const process = await PartnersProcess.start(database.url);
    process.clock.aheadMs = 2 * HOUR;
    expect(await process.principals.resolve(key)).toBeDefined();
    process.clock.aheadMs += 50_001;
    expect(await process.principals.resolve(key)).toBeUndefined();
    await process.stop();
  });

  it('cannot be issued for the past', async () => {
    const issue = here.buildKey(partnerId, { expiresAt: here.clock.now() });
    await expect(issue).rejects.toMatchObject({
      code: 'api-key.expired',
      details: { status: 422, errors: [{ pointer: '/expiresAt' }] },
    });
  });

  it('is bound to a channel of its own partner, and only for the role pos', async () => {
    const own = await here.buildChannel(partnerId);
    const foreign = await here.buildChannel((await here.buildPartner()).id);
    const refusal = (code: string) => ({
      code,
      details: { status: 422, errors: [{ pointer: '/channelId' }] },
    });
    await expect(here.buildKey(partnerId, { role: 'admin', channelId: own.id })).rejects.toMatchObject(
      refusal('api-key.channel-not-allowed'),
    );
    await expect(here.buildKey(partnerId, { role: 'pos', channelId: foreign.id })).rejects.toMatchObject(
      refusal('api-key.channel-unknown'),
    );
  });
});

describe('revoking a key', () => {
  it('stops it in every process at once', async () => {
    const { id, key } = await here.buildKey(partnerId);
    expect(await there.principals.resolve(key)).toBeDefined();
    await here.keys.revoke(adminOf(partnerId), partnerId, id);
    await eventually(async () => !(await there.principals.resolve(key)), AT_ONCE_MS);
    await eventually(async () => !(await here.principals.resolve(key)), AT_ONCE_MS);
  });

  it('twice keeps the first time', async () => {
    const { id } = await here.buildKey(partnerId);
    await here.keys.revoke(OPERATOR, partnerId, id);
    const first = await revokedAt(id);
    await here.keys.revoke(OPERATOR, partnerId, id);
    expect(first).toBeInstanceOf(Date);
    expect(await revokedAt(id)).toEqual(first);
  });

  it('of another partner is not found, and changes nothing', async () => {
    const other = await here.buildPartner();
    const { id, key } = await here.buildKey(other.id);
    const notFound = { code: 'not-found', details: { status: 404 } };
    await expect(here.keys.revoke(adminOf(partnerId), other.id, id)).rejects.toMatchObject(notFound);
    await expect(here.keys.revoke(adminOf(partnerId), partnerId, id)).rejects.toMatchObject(notFound);
    await expect(here.keys.revoke(OPERATOR, partnerId, id)).rejects.toMatchObject(notFound);
    expect(await here.principals.resolve(key)).toBeDefined();
  });

  it('that is rolled back leaves the key working', async () => {
    const { id, key } = await here.buildKey(partnerId);
    const undone = here.database.transaction(async () => {
      await here.keys.revoke(OPERATOR, partnerId, id);
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await here.principals.resolve(key)).toBeDefined();
  });
});

describe('a process that cannot hear changes', () => {
  it('forgets what it knew, and trusts an answer for two seconds at most', async () => {
    const [known, unknown] = [await here.buildKey(partnerId), await here.buildKey(partnerId)];
    await there.principals.resolve(known.key);
    await line.cut();
    await eventually(() => !there.listener.isListening, AT_ONCE_MS);

    await here.keys.revoke(OPERATOR, partnerId, known.id);
    expect(await there.principals.resolve(known.key)).toBeUndefined();

    expect(await there.principals.resolve(unknown.key)).toBeDefined();
    await here.keys.revoke(OPERATOR, partnerId, unknown.id);
    there.clock.aheadMs += 2_000;
    expect(await there.principals.resolve(unknown.key)).toBeUndefined();
  });

  it('hears them again after it has come back', async () => {
    await line.mend();
    await eventually(() => there.listener.isListening, 10_000);
    const { id, key } = await here.buildKey(partnerId);
    expect(await there.principals.resolve(key)).toBeDefined();
    await here.keys.revoke(OPERATOR, partnerId, id);
    await eventually(async () => !(await there.principals.resolve(key)), AT_ONCE_MS);
  });
});

describe('the number of queries', () => {
  it('is one for any number of requests with the same key', async () => {
    const { key } = await here.buildKey(partnerId);
    const before = here.keyQueries;
    const principals = await Promise.all(Array.from({ length: 500 }, () => here.principals.resolve(key)));
    expect(principals.every((principal) => principal?.partnerId === partnerId)).toBe(true);
    await here.principals.resolve(key);
    expect(here.keyQueries - before).toBe(1);
  });

  it('is one for any number of requests with the same unknown key', async () => {
    const before = here.keyQueries;
    for (let request = 0; request < 50; request += 1)
      await here.principals.resolve(`tdm_unknown0_${'x'.repeat(30)}`);
    expect(here.keyQueries - before).toBe(1);
  });

  it('stays small under a flood of different unknown keys', async () => {
    const before = here.keyQueries;
    const keys = Array.from({ length: 2_000 }, (_, index) => `tdm_flood${index}_${'x'.repeat(30)}`);
    await Promise.all(keys.map((key) => here.principals.resolve(key)));
    expect(here.keyQueries - before).toBeLessThanOrEqual(5);
  });

  it('is none for what cannot be a key', async () => {
    const before = here.keyQueries;
    for (const key of ['', 'tdm_', 'Bearer', "tdm_x'--_y", 'x'.repeat(10_000)]) {
      expect(await here.principals.resolve(key)).toBeUndefined();
    }
    expect(here.keyQueries).toBe(before);
  });
});

describe('the list of keys', () => {
  it('shows the keys of one partner in the order in which they were issued, page by page', async () => {
    const other = await here.buildPartner();
    const issued: string[] = [];
    for (let index = 0; index < 5; index += 1) issued.push((await here.buildKey(other.id)).id);
    const first = await here.keys.list(adminOf(other.id), other.id, { limit: 3, after: null });
    const second = await here.keys.list(adminOf(other.id), other.id, { limit: 3, after: issued[2] ?? null });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(issued);
    expect(first.nextCursor).not.toBeNull();
    expect(second.nextCursor).toBeNull();
  });
});

async function revokedAt(keyId: string): Promise<Date | null | undefined> {
  const page = await here.keys.list(OPERATOR, partnerId, { limit: 200, after: null });
  return page.items.find(({ id }) => id === keyId)?.revokedAt;
}
