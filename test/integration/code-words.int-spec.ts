import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { CampaignReadModel } from '../../src/campaigns/campaign.read-model.js';
import { CodeConditionsCheck } from '../../src/codes/code-conditions.js';
import { CodeReadModel } from '../../src/codes/code.read-model.js';
import { CodeWordRepository } from '../../src/codes/code-word.repository.js';
import { type CodeWordProposal, CodeWordsService } from '../../src/codes/code-words.service.js';
import { OfferAccess } from '../../src/codes/offer-access.js';
import { DEFAULT_PLACEMENT, PlacementRepository } from '../../src/codes/placement.repository.js';
import { TandemError } from '../../src/kernel/errors.js';
import { PartnerReadModel } from '../../src/partners/partner.read-model.js';
import type { Principal } from '../../src/platform/auth/principal.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import {
  buildCoupons,
  buildOffer,
  buildPartner,
  type BuiltOffer,
  type OfferOverrides,
} from '../support/code-builders.js';
import { adminOf, OPERATOR } from '../support/partner-builders.js';
import { type TestDatabase, testDatabase } from '../support/test-database.js';

let server: TestDatabase;
let source: DataSource;
let database: Database;
let words: CodeWordsService;

beforeAll(async () => {
  server = await testDatabase();
  source = await createDataSource(server.url).initialize();
  database = new Database(source);
  const [campaigns, clock] = [new CampaignReadModel(), new Clock()];
  const conditions = new CodeConditionsCheck(new PartnerReadModel(), new PlacementRepository(), clock);
  const access = new OfferAccess(campaigns);
  words = new CodeWordsService(database, access, conditions, new CodeWordRepository(), campaigns, clock);
});

afterAll(async () => {
  await source.destroy();
  await server.drop();
});

const offerWith = (overrides: OfferOverrides = {}): Promise<BuiltOffer> =>
  database.transaction((tx) => buildOffer(tx, overrides));

function proposal(word: string, fields: Partial<CodeWordProposal> = {}): CodeWordProposal {
  return {
    word,
    maxRedemptions: null,
    placement: DEFAULT_PLACEMENT,
    startsOn: null,
    expiresOn: null,
    ...fields,
  };
}

/** Adds a word and answers its id, or the error that refused it. */
async function add(
  offer: BuiltOffer,
  word: string,
  { as = OPERATOR, ...fields }: Partial<CodeWordProposal> & { as?: Principal } = {},
): Promise<{ id?: string; error?: TandemError }> {
  try {
    return { id: (await words.create(as, offer.id, proposal(word, fields))).id };
  } catch (error) {
    if (error instanceof TandemError) return { error };
    throw error;
  }
}

const liveKeys = (offer: BuiltOffer, key: string) =>
  database.read((tx) =>
    new CodeReadModel().lookup(tx, { partnerIds: [offer.redeemerPartnerId], keys: [key] }),
  );

describe('of two words that a till cannot tell apart', () => {
  it('made at the same moment, exactly one is made', async () => {
    const first = await offerWith();
    const second = await offerWith({ redeemerPartnerId: first.redeemerPartnerId });
    for (let round = 1; round <= 10; round += 1) {
      const results = await Promise.all([
        add(first, `Gym ${round}a`),
        add(second, `gym-${round}A`),
        add(first, `ＧＹＭ${round}A`),
      ]);
      expect(results.filter((result) => result.id)).toHaveLength(1);
      expect(results.flatMap((result) => result.error?.code ?? [])).toEqual([
        'code-word.clash',
        'code-word.clash',
      ]);
      expect(await liveKeys(first, `GYM${round}A`)).toHaveLength(1);
    }
  });

  it('the second may be made at another redeemer', async () => {
    const [here, there] = [await offerWith(), await offerWith()];
    expect(await add(here, 'ELSEWHERE')).toHaveProperty('id');
    expect(await add(there, 'ELSEWHERE')).toHaveProperty('id');
  });
});

describe('a clash', () => {
  it('is named to those who take part in the campaign of the other word', async () => {
    const taken = await offerWith({ campaignName: 'Spring swap' });
    const own = await offerWith({
      issuerPartnerId: taken.redeemerPartnerId,
      redeemerPartnerId: taken.redeemerPartnerId,
    });
    await add(taken, 'Gym-10');
    const { error } = await add(own, 'gym10', { as: adminOf(taken.redeemerPartnerId) });
    expect(error?.details?.status).toBe(409);
    expect(error?.message).toContain('"Gym-10" of the campaign "Spring swap"');
    expect(error?.details?.extra).toEqual({
      clash: { word: 'Gym-10', offerId: taken.id, campaignId: taken.campaignId, campaignName: 'Spring swap' },
    });
  });

  it('is only stated to everyone else', async () => {
    const taken = await offerWith({ campaignName: 'Secret swap' });
    const own = await offerWith({ redeemerPartnerId: taken.redeemerPartnerId });
    await add(taken, 'Hush-10');
    const { error } = await add(own, 'hush10', { as: adminOf(own.issuerPartnerId) });
    expect(error?.code).toBe('code-word.clash');
    expect(JSON.stringify([error?.message, error?.details])).not.toMatch(/Hush|Secret|[0-9a-f]{8}-/);
  });

  it('with a coupon does not give the coupon away', async () => {
    const offer = await offerWith();
    await database.transaction((tx) => buildCoupons(tx, offer, 2, 'COUPON'));
    const { error } = await add(offer, 'coupon2');
    expect(error?.message).toContain('a coupon of the campaign');
    expect(JSON.stringify(error?.details)).not.toContain('COUPON2');
  });
});

describe('a word may be taken again', () => {
  it('as soon as it is revoked', async () => {
    const offer = await offerWith();
    const { id } = await add(offer, 'AGAIN');
    await words.revoke(OPERATOR, offer.id, id ?? '');
    const second = await add(offer, 'again');
    expect(second).toHaveProperty('id');
    expect(await liveKeys(offer, 'AGAIN')).toMatchObject([
      { id, live: false, revokedAt: expect.any(Number) },
      { id: second.id, live: true, revokedAt: null },
    ]);
  });

  it('when it has expired, but not on its last day', async () => {
    const offer = await offerWith({ timeZone: 'UTC' });
    const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
    await add(offer, 'YESTERDAY', { expiresOn: day(-1) });
    await add(offer, 'TOMORROW', { expiresOn: day(1) });
    expect(await add(offer, 'YESTERDAY')).toHaveProperty('id');
    expect(await add(offer, 'TOMORROW')).toHaveProperty('error');
  });

  it('by another campaign when its own is over', async () => {
    const over = await offerWith({ redeemBefore: '2026-01-02T00:00:00Z' });
    const next = await offerWith({ redeemerPartnerId: over.redeemerPartnerId });
    await add(over, 'SUMMER');
    expect(await add(over, 'summer')).toHaveProperty('error');
    expect(await add(next, 'summer')).toHaveProperty('id');
  });

  it('by another campaign when its own was ended', async () => {
    const ended = await offerWith();
    const next = await offerWith({ redeemerPartnerId: ended.redeemerPartnerId });
    await add(ended, 'ENDED');
    await database.transaction((tx) =>
      tx.execute('update campaigns set ended_at = now() where id = $1', [ended.campaignId]),
    );
    expect(await add(next, 'ended')).toHaveProperty('id');
    expect((await add(ended, 'OTHER')).error?.code).toBe('campaign.ended');
  });

  it('when it was a coupon of a revoked batch', async () => {
    const offer = await offerWith();
    await database.transaction(async (tx) => {
      const { batchId } = await buildCoupons(tx, offer, 1, 'TICKET');
      await tx.execute('update coupon_batches set revoked_at = now() where id = $1', [batchId]);
    });
    expect(await add(offer, 'ticket1')).toHaveProperty('id');
  });
});

describe('a placement', () => {
  it('is the same one for all words of its name, also when they are made at once', async () => {
    const offer = await offerWith();
    const placement = { channelId: null, label: 'poster' };
    const made = await Promise.all(
      ['A', 'B', 'C', 'D'].map((word) => words.create(OPERATOR, offer.id, proposal(word, { placement }))),
    );
    expect(new Set(made.map((word) => word.placement.id)).size).toBe(1);
    const other = await words.create(OPERATOR, offer.id, proposal('E'));
    expect(other.placement).toEqual({ id: offer.placementId, ...DEFAULT_PLACEMENT });
  });
});

describe('who may do what', () => {
  it('a third participant sees that there is an offer, and no more', async () => {
    const offer = await offerWith();
    const third = await database.transaction(async (tx) => {
      const id = await buildPartner(tx);
      await tx.execute(
        `insert into campaign_participants (campaign_id, partner_id, role) values ($1, $2, 'equal')`,
        [offer.campaignId, id],
      );
      return adminOf(id);
    });
    const page = { limit: 10, after: null };
    await expect(words.list(third, offer.id, page)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(words.list(adminOf(offer.redeemerPartnerId), offer.id, page)).resolves.toMatchObject({
      items: [],
    });
  });

  it('a word is not revoked through another offer', async () => {
    const [offer, other] = [await offerWith(), await offerWith()];
    const { id } = await add(offer, 'SAFE');
    await expect(words.revoke(OPERATOR, other.id, id ?? '')).rejects.toMatchObject({ code: 'not-found' });
    await expect(words.revoke(adminOf(other.issuerPartnerId), offer.id, id ?? '')).rejects.toMatchObject({
      code: 'not-found',
    });
  });

  it('the list goes on where the page before ended', async () => {
    const offer = await offerWith();
    const ids = [];
    for (const word of ['ONE', 'TWO', 'THREE']) ids.push((await add(offer, word)).id);
    const seen = [];
    for (let after: string | null = null; ;) {
      const page = await words.list(OPERATOR, offer.id, { limit: 2, after });
      seen.push(...page.items.map((word) => word.id));
      if (!page.nextCursor) break;
      after = Buffer.from(page.nextCursor, 'base64url').toString('latin1');
    }
    expect(new Set(seen)).toEqual(new Set(ids));
    expect(seen).toHaveLength(3);
  });
});
