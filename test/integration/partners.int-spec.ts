import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ratio } from '../../src/kernel/ratio.js';
import type { CustomerDetails } from '../../src/partners/domain/customer-reference.js';
import { eventually } from '../support/eventually.js';
import { adminOf, OPERATOR, PartnersProcess } from '../support/partner-builders.js';
import { testDatabase } from '../support/test-database.js';

const UNKNOWN = '00000000-0000-7000-8000-000000000000';
const NOT_FOUND = { code: 'not-found', details: { status: 404 } };
const WHOLE_LIST = { limit: 200, after: null };

let database: Awaited<ReturnType<typeof testDatabase>>;
let here: PartnersProcess;
let there: PartnersProcess;

beforeAll(async () => {
  database = await testDatabase();
  here = await PartnersProcess.start(database.url);
  there = await PartnersProcess.start(database.url);
});

afterAll(async () => {
  await here.stop();
  await there.stop();
  await database.drop();
});

describe('a partner', () => {
  it('sees itself; others and unknown ones are the same nothing', async () => {
    const [own, other] = [await here.buildPartner(), await here.buildPartner()];
    expect(await here.partners.get(adminOf(own.id), own.id)).toEqual(own);
    await expect(here.partners.get(adminOf(own.id), other.id)).rejects.toMatchObject(NOT_FOUND);
    await expect(here.partners.get(adminOf(own.id), UNKNOWN)).rejects.toMatchObject(NOT_FOUND);
    await expect(here.partners.get(OPERATOR, UNKNOWN)).rejects.toMatchObject(NOT_FOUND);
  });

  it('keeps what a change does not name, and null clears', async () => {
    const partner = await here.buildPartner({ industry: 'fitness', priceSegment: 'middle' });
    const changed = await here.partners.change(partner.id, partner.version, {
      name: 'Gym & Spa',
      industry: null,
    });
    expect(changed).toEqual({ ...partner, name: 'Gym & Spa', industry: null, version: 2 });
  });

  it('keeps its currency', async () => {
    const partner = await here.buildPartner();
    const change = here.partners.change(partner.id, partner.version, { name: 'New', currency: 'USD' });
    await expect(change).rejects.toMatchObject({ code: 'partner.currency-fixed', details: { status: 422 } });
    expect(await here.partners.get(OPERATOR, partner.id)).toEqual(partner);
  });

  it('changed by two at once keeps one change and tells the other', async () => {
    const partner = await here.buildPartner();
    const changes = await Promise.allSettled(
      ['A', 'B', 'C'].map((name) => here.partners.change(partner.id, partner.version, { name })),
    );
    const refused = changes.flatMap((change) =>
      change.status === 'rejected' ? [change.reason as unknown] : [],
    );
    expect(refused).toHaveLength(2);
    for (const reason of refused) expect(reason).toMatchObject({ code: 'precondition.failed' });
    expect((await here.partners.get(OPERATOR, partner.id)).version).toBe(2);
  });

  it('is listed once, page by page, in the order of adding', async () => {
    const added: string[] = [];
    for (const name of ['one', 'two', 'three']) added.push((await here.buildPartner({ name })).id);
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page = await here.partners.list({ limit: 2, after });
      seen.push(...page.items.map(({ id }) => id));
      after = page.nextCursor === null ? null : (seen.at(-1) ?? null);
    } while (after !== null);
    expect(seen.filter((id) => added.includes(id)).sort()).toEqual(added.sort());
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual([...seen].sort());
  });
});

describe('a channel', () => {
  it('has a reference that no other channel of its partner has; the clash is named', async () => {
    const [partner, other] = [await here.buildPartner(), await here.buildPartner()];
    const first = await here.buildChannel(partner.id, { name: 'Till 1', externalRef: 'T1' });
    await expect(here.buildChannel(partner.id, { externalRef: 'T1' })).rejects.toMatchObject({
      code: 'channel.external-ref-taken',
      message: 'The channel "Till 1" already has the external reference "T1".',
      details: { status: 409, extra: { channelId: first.id } },
    });
    await here.buildChannel(other.id, { externalRef: 'T1' });
    await here.buildChannel(partner.id);
    await here.buildChannel(partner.id);
  });

  it('added five times at once under one reference is there once', async () => {
    const partner = await here.buildPartner();
    const added = await Promise.allSettled(
      Array.from({ length: 5 }, () => here.buildChannel(partner.id, { externalRef: 'same' })),
    );
    expect(added.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await here.channels.list(OPERATOR, partner.id, WHOLE_LIST)).items).toHaveLength(1);
  });

  it('is nothing to other partners, and nobody adds one to a partner that is not there', async () => {
    const [own, other] = [await here.buildPartner(), await here.buildPartner()];
    const channel = {
      kind: 'pos',
      name: 'Till',
      externalRef: null,
      timeZone: null,
      marginRate: null,
    } as const;
    await expect(here.channels.add(adminOf(own.id), other.id, channel)).rejects.toMatchObject(NOT_FOUND);
    await expect(here.channels.list(adminOf(own.id), other.id, WHOLE_LIST)).rejects.toMatchObject(NOT_FOUND);
    await expect(here.channels.add(OPERATOR, UNKNOWN, channel)).rejects.toMatchObject(NOT_FOUND);
    await expect(here.channels.list(OPERATOR, UNKNOWN, WHOLE_LIST)).rejects.toMatchObject(NOT_FOUND);
  });
});

describe('what other features see', () => {
  it('is a channel with its zone, its exact margin and whether it redeems', async () => {
    const partner = await here.buildPartner({ timeZone: 'Asia/Tokyo' });
    const till = await here.buildChannel(partner.id, { marginRate: '0.200000' });
    const poster = await here.buildChannel(partner.id, { kind: 'print', name: 'Poster', timeZone: 'UTC' });
    const expected = [
      {
        id: till.id,
        partnerId: partner.id,
        kind: 'pos',
        name: 'Till',
        timeZone: 'Asia/Tokyo',
        marginRate: ratio(1n, 5n),
        canRedeem: true,
      },
      {
        id: poster.id,
        partnerId: partner.id,
        kind: 'print',
        name: 'Poster',
        timeZone: 'UTC',
        marginRate: null,
        canRedeem: false,
      },
    ];
    const channels = await here.database.read((tx) => here.readModel.channelsOf(tx, [partner.id]));
    expect(channels).toEqual(expect.arrayContaining(expected));
    expect(channels).toHaveLength(2);
    expect(await here.directory.channel(partner.id, till.id)).toEqual(expected[0]);
    expect(await here.database.read((tx) => here.readModel.channel(tx, partner.id, poster.id))).toEqual(
      expected[1],
    );
  });

  it('is no channel of another partner', async () => {
    const [partner, other] = [await here.buildPartner(), await here.buildPartner()];
    const till = await here.buildChannel(other.id);
    expect(await here.directory.channel(partner.id, till.id)).toBeUndefined();
    expect(await here.database.read((tx) => here.readModel.channel(tx, partner.id, till.id))).toBeUndefined();
  });

  it('is those partners that exist', async () => {
    const partner = await here.buildPartner();
    const found = await here.database.read((tx) => here.readModel.findPartners(tx, [UNKNOWN, partner.id]));
    expect([...found.keys()]).toEqual([partner.id]);
    expect(await here.database.read((tx) => here.readModel.partnerCurrency(tx, partner.id))).toBe('EUR');
    expect(await here.database.read((tx) => here.readModel.partnerCurrency(tx, UNKNOWN))).toBeUndefined();
  });
});

describe('the directory', () => {
  it('sees a channel as soon as it is there, though it was asked for before', async () => {
    const partner = await here.buildPartner();
    const channelId = here.clock.newId();
    expect(await there.directory.channel(partner.id, channelId)).toBeUndefined();
    await here.database.transaction((tx) =>
      tx.execute(`insert into channels (id, partner_id, kind, name) values ($1, $2, 'pos', 'Till')`, [
        channelId,
        partner.id,
      ]),
    );
    expect(await there.directory.channel(partner.id, channelId)).toMatchObject({ id: channelId });
  });

  it('does not keep what another transaction may still undo', async () => {
    const partner = await here.buildPartner();
    const undone = here.database.transaction(async () => {
      const channel = await here.buildChannel(partner.id);
      expect(await here.directory.channel(partner.id, channel.id)).toBeUndefined();
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
  });

  it('follows a partner into another time zone, in every process', async () => {
    const partner = await here.buildPartner();
    const channel = await here.buildChannel(partner.id);
    const zones = async (): Promise<unknown[]> => [
      (await there.directory.partner(partner.id))?.timeZone,
      (await there.directory.channel(partner.id, channel.id))?.timeZone,
    ];
    expect(await zones()).toEqual(['Europe/Berlin', 'Europe/Berlin']);
    await here.partners.change(partner.id, 1, { timeZone: 'Europe/Lisbon' });
    await eventually(async () => (await zones()).every((zone) => zone === 'Europe/Lisbon'), 1_000);
  });

  it('hands out a partner without its secret', async () => {
    const partner = await here.buildPartner();
    expect(await here.directory.partner(partner.id)).toEqual({
      id: partner.id,
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
    });
    expect(await here.directory.partner(UNKNOWN)).toBeUndefined();
  });

  it('knows a customer again in every process, and each partner knows another one', async () => {
    const [partner, other] = [await here.buildPartner(), await here.buildPartner()];
    const known = await idsOf(here, partner.id, { phone: '+49 30 1234567' });
    const again = await idsOf(there, partner.id, { phone: '0049301234567' });
    const atOther = await idsOf(here, other.id, { phone: '+49301234567' });
    expect(again).toEqual(known);
    expect(atOther.id).not.toBe(known.id);
  });

  it('knows within a campaign one person by phone or mailbox at every partner, by a card only at its own', async () => {
    const [partner, other] = [await here.buildPartner(), await here.buildPartner()];
    const matches = async (details: CustomerDetails) => {
      const [one, two] = [await idsOf(here, partner.id, details), await idsOf(here, other.id, details)];
      return one.matchId === two.matchId;
    };
    expect(await matches({ phone: '+49 30 1234567' })).toBe(true);
    expect(await matches({ email: 'Ann@Example.org' })).toBe(true);
    expect(await matches({ reference: 'A-17' })).toBe(false);
  });

  it('makes other match ids for every campaign, and none that is an id at a partner', async () => {
    const partner = await here.buildPartner();
    const june = await idsOf(here, partner.id, { phone: '+49 30 1234567' }, 1);
    const july = await idsOf(here, partner.id, { phone: '+49 30 1234567' }, 2);
    expect(new Set([june.id, june.matchId, july.matchId]).size).toBe(3);
  });

  it('names the detail that says nothing', async () => {
    const partner = await here.buildPartner();
    expect(await here.directory.customer(partner.id, { phone: '12' })).toMatchObject({
      kind: 'faulty',
      field: 'phone',
    });
  });
});

/** The ids of a customer at a partner and in the campaign whose key is made of `key`. */
async function idsOf(process: PartnersProcess, partnerId: string, details: CustomerDetails, key = 1) {
  const found = await process.directory.customer(partnerId, details);
  if (found.kind === 'faulty') throw new Error(found.detail);
  return { id: found.customer.id, matchId: found.customer.matchIdOf(Buffer.alloc(32, key)) };
}
