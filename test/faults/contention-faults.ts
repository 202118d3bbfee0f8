import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { buildCodeWord, buildRedemption } from '../support/programme.js';
import { figure, seconds } from './figures.js';
import type { Installation } from './installation.js';
import type { Item, Post } from './posts.js';
import { size } from './size.js';

const PATIENCE_MS = 60_000;

/** Posts that want the same at the same time. Needs two API processes at least and two workers. */
export function describeContention(installation: () => Installation): void {
  describe('several processes that decide about the same', () => {
    let tandem: Installation;

    beforeAll(async () => {
      tandem = installation();
      await tandem.openWorld();
    });

    const items = (code: string, count: number): Item[] =>
      Array.from({ length: count }, () => buildRedemption(tandem.world.redeemer, code) as unknown as Item);
    const batch = (of: readonly Item[]): Post => ({ kind: 'batch', till: tandem.world.redeemer, items: of });

    const stored = async (code: string): Promise<{ accepted: number; posts: number }> => {
      const { rows } = await tandem.watch.query<{ accepted: number; posts: number }>(
        `select count(*) filter (where status = 'accepted')::int as accepted, count(*)::int as posts
           from redemptions where redeemer_partner_id = $1 and typed_code = $2`,
        [tandem.world.redeemer.id, code],
      );
      return rows[0]!;
    };

    it('one batch sent many times at once, shuffled and split, has one effect per item', async () => {
      const [count, times] = [size(500, 100), size(50, 12)];
      const upload = items('few', count);
      const posts = Array.from({ length: times }, () => split(shuffled(upload))).flat();
      const load = await tandem.post(posts.map(batch), times);
      await tandem.check();
      const redemptions = await stored('few');
      expect(redemptions).toEqual({ accepted: Math.min(count, 150), posts: count });
      figure(`the same batch of ${count} sent ${times} times, shuffled and split`, {
        ...{
          requests: posts.length,
          redemptions: redemptions.posts,
          'told to come again': load.count('unavailable'),
        },
      });
    });

    it('a limit is reached and never passed, while workers are killed', async () => {
      const [posts, limit] = [size(10_000, 500), size(1_000, 100)];
      const { issuer, redeemer, offers } = tandem.world;
      await buildCodeWord(issuer, offers.open, 'RUSH', { maxRedemptions: limit });
      const startedAt = performance.now();
      const left = items('rush', posts).map((item): Post => ({
        ...{ kind: 'redemption', till: redeemer, items: [item] },
      }));
      const load = tandem.load({ plan: () => left.shift(), connections: 64, pauseMs: 0 });
      let kills = 0;
      const killing = (async () => {
        while (left.length > 0) {
          await sleep(500);
          const worker = tandem.fleet.workers[kills % 2]!;
          await worker.kill();
          await worker.start();
          kills += 1;
        }
      })();
      await Promise.all([load.finish(), killing]);
      const ms = performance.now() - startedAt;
      const redemptions = await stored('rush');
      expect(redemptions).toEqual({ accepted: limit, posts });
      await tandem.check();
      figure(`${posts} posts at ${tandem.fleet.apis.length} processes for a limit of ${limit}`, {
        ...{ accepted: redemptions.accepted, 'workers killed': kills, 'took (with the kills)': seconds(ms) },
      });
    });

    it('batches with the same codes in opposite order do not get into each other’s way', async () => {
      const rounds = size(30, 5);
      const { coupons, redeemer } = tandem.world;
      const deadlocks = async (): Promise<number> => {
        const { rows } = await tandem.watch.query<{ deadlocks: number }>(
          'select deadlocks::int from pg_stat_database where datname = current_database()',
        );
        return rows[0]!.deadlocks;
      };
      const before = await deadlocks();
      const of = (codes: readonly string[]): Post =>
        batch(codes.map((code) => buildRedemption(redeemer, code) as unknown as Item));
      const posts = Array.from({ length: rounds }, () => [of(coupons), of([...coupons].reverse())]).flat();
      const load = await tandem.post(posts, 4);
      expect(load.count('unavailable') + load.count('lost')).toBe(0);
      await tandem.check();
      figure(`${posts.length} batches of the same ${coupons.length} coupons in opposite orders`, {
        ...{
          'deadlocks that reached a till': 0,
          'deadlocks that were tried again': (await deadlocks()) - before,
        },
      });
    });

    it('one poison item among 500 holds up no other, is parked with its reason, and done when it is mended', async () => {
      const { operator, issuer, campaignId } = tandem.world;
      const accepted = async (): Promise<number> => {
        const { body } = await issuer.finance.get<{ figures: Record<string, { value: string }> }>(
          `/v1/campaigns/${campaignId}/report`,
        );
        return Number(body.figures['acceptedRedemptions']!.value);
      };
      const parked = async (): Promise<Parked[]> =>
        (await operator.get<{ items: Parked[] }>('/v1/outbox/parked')).body.items;

      const before = await accepted();
      const upload = items('open', 500);
      const poison = upload[321]!.externalId;
      await tandem.watch.query(POISON(poison));
      await tandem.post([batch(upload)], 1);
      const startedAt = performance.now();
      await eventually(async () => (await accepted()) === before + 499, PATIENCE_MS);
      const othersMs = performance.now() - startedAt;

      // In the short form the two minutes in which it is tried again and again are skipped.
      const skip = `update outbox set attempts = 5, publish_after = now() where failure is not null and attempts < 6`;
      await eventually(async () => {
        if (size(false, true)) await tandem.watch.query(skip);
        return (await parked()).length > 0;
      }, 5 * PATIENCE_MS);
      const parkedMs = performance.now() - startedAt;
      const [row, ...others] = await parked();
      const poisonId = tandem.given.redemptions.get(tandem.world.redeemer.id, poison)!.answers[0]!['id'];
      expect(others).toEqual([]);
      expect(row).toMatchObject({ facts: 1, partnerId: tandem.world.redeemer.id });
      expect(row!.failure).toContain('this one is poisoned');
      expect(JSON.stringify(row!.references)).toContain(String(poisonId));
      expect((await operator.get('/metrics')).text).toContain('tandem_outbox_parked_rows 1');

      await tandem.watch.query('drop trigger poison on redemption_facts');
      await operator.must(204, operator.post(`/v1/outbox/parked/${row!.id}/retry`));
      await eventually(async () => (await accepted()) === before + 500, PATIENCE_MS);
      await tandem.check();
      figure('one poison item among 500', {
        ...{ 'the other 499 are done after': seconds(othersMs), 'parked after': seconds(parkedMs) },
      });
    });
  });
}

interface Parked {
  readonly id: string;
  readonly failure: string;
  readonly references: object;
}

/** Makes the worker's transaction fail whenever it touches this redemption. */
const POISON = (externalId: string): string => `
  create function poison() returns trigger language plpgsql as $$ begin
    if exists (select from redemptions r where r.redeemer_partner_id = new.redeemer_partner_id
                and r.id = new.redemption_id and r.external_id = '${externalId}') then
      raise exception 'this one is poisoned';
    end if;
    return new;
  end $$;
  create trigger poison before insert on redemption_facts for each row execute function poison()`;

function shuffled<T>(items: readonly T[]): T[] {
  const left = [...items];
  return items.map(() => left.splice(Math.floor(Math.random() * left.length), 1)[0] as T);
}

/** Cuts a list into up to five pieces. */
function split<T>(items: readonly T[]): T[][] {
  const pieces = 1 + Math.floor(Math.random() * 5);
  const length = Math.ceil(items.length / pieces);
  return Array.from({ length: pieces }, (_, index) =>
    items.slice(index * length, (index + 1) * length),
  ).filter((piece) => piece.length > 0);
}
