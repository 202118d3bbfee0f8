import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { PartnersProcess } from '../support/partner-builders.js';
import { testDatabase } from '../support/test-database.js';

const FIRST = 'tdm_first_0123456789abcdefghijklmnop';
const SECOND = 'tdm_second_0123456789abcdefghijklmnop';

let database: Awaited<ReturnType<typeof testDatabase>>;
let process: PartnersProcess;

beforeEach(async () => {
  database = await testDatabase();
  process = await PartnersProcess.start(database.url);
});

afterEach(async () => {
  await process.stop();
  await database.drop();
});

const isOperator = async (key: string): Promise<boolean> =>
  (await process.principals.resolve(key))?.role === 'operator';

describe('the operator key', () => {
  it('is made by the first start and shown only then', async () => {
    const key = (await process.operatorKeys.ensure(undefined)) ?? '';
    expect(await isOperator(key)).toBe(true);
    expect(await process.operatorKeys.ensure(undefined)).toBeUndefined();
    expect(await isOperator(key)).toBe(true);
  });

  it('is one, however many processes start at once', async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => process.operatorKeys.ensure(undefined)));
    expect(made.filter((key) => key !== undefined)).toHaveLength(1);
  });

  it('is taken as given when it is configured, at every start', async () => {
    expect(await process.operatorKeys.ensure(FIRST)).toBeUndefined();
    expect(await process.operatorKeys.ensure(FIRST)).toBeUndefined();
    expect(await isOperator(FIRST)).toBe(true);
  });

  it('replaces the one that was configured before', async () => {
    await process.operatorKeys.ensure(FIRST);
    expect(await isOperator(FIRST)).toBe(true);
    await process.operatorKeys.ensure(SECOND);
    await eventually(async () => !(await isOperator(FIRST)), 1_000);
    expect(await isOperator(SECOND)).toBe(true);
    await process.operatorKeys.ensure(FIRST);
    await eventually(async () => !(await isOperator(SECOND)), 1_000);
    expect(await isOperator(FIRST)).toBe(true);
  });

  it('replaces the one that the first start made and nobody wrote down', async () => {
    const made = (await process.operatorKeys.ensure(undefined)) ?? '';
    await process.operatorKeys.ensure(FIRST);
    await eventually(async () => !(await isOperator(made)), 1_000);
    expect(await isOperator(FIRST)).toBe(true);
  });

  it('may get a new secret under the same id', async () => {
    await process.operatorKeys.ensure(FIRST);
    expect(await isOperator(FIRST)).toBe(true);
    await process.operatorKeys.ensure(`${FIRST}2`);
    await eventually(() => isOperator(`${FIRST}2`), 1_000);
    expect(await isOperator(FIRST)).toBe(false);
  });

  it('is known at once although it was asked for before it was there', async () => {
    expect(await isOperator(FIRST)).toBe(false);
    await process.operatorKeys.ensure(FIRST);
    await eventually(() => isOperator(FIRST), 1_000);
  });

  it('never takes the place of a partner key', async () => {
    const partner = await process.buildPartner();
    const { id, key } = await process.buildKey(partner.id);
    await expect(process.operatorKeys.ensure(`tdm_${id}_0123456789abcdefghijklmnop`)).rejects.toThrow(
      'another id',
    );
    expect((await process.principals.resolve(key))?.partnerId).toBe(partner.id);
  });

  it('that does not look like a key stops the start without being repeated', async () => {
    const start = process.operatorKeys.ensure('hunter2');
    await expect(start).rejects.toThrow('must look like');
    await expect(start).rejects.not.toThrow('hunter2');
  });
});
