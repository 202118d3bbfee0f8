import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { CouponShape } from './domain/coupon-pattern.js';

/** A coupon or a code word as the judge needs it. Instants are epoch ms. */
export interface FoundCode {
  readonly id: string;
  readonly redeemerPartnerId: string;
  readonly codeKey: string;
  readonly kind: 'coupon' | 'code_word';
  readonly offerId: string;
  readonly placementId: string;
  readonly maxRedemptions: number | null;
  readonly uses: number;
  readonly startsAt: number | null;
  readonly expiresAt: number | null;
  /** When this code or the whole batch it belongs to was revoked. */
  readonly revokedAt: number | null;
  /** Whether it still holds its key; of all codes with one key at one redeemer at most one does. */
  readonly live: boolean;
  /** How often the campaign of its offer had changed: says which state of the offer belongs to it. */
  readonly offerRevision: number;
  /** Whether the offer has its counter; it gets one when it is used for the first time. */
  readonly isCounted: boolean;
}

/** Pairs of redeemer and key as parallel arrays, each pair once. */
export interface CodePairs {
  readonly partnerIds: readonly string[];
  readonly keys: readonly string[];
}

/** Coupons given out, or handed over for it. */
export interface IssuedCoupons {
  readonly offerId: string;
  readonly placementId: string;
  readonly coupons: bigint;
}

/**
 * The pairs $1, $2 as rows. The limit drops nothing. It makes the planner expect one row instead of ten, so that it keeps
 * the plan of the prepared statement: planning anew each time cost 1.4 ms of 1.7 ms for a single code.
 */
const PAIRS = `(
  select u.redeemer_partner_id, u.code_key
    from unnest($1::uuid[], $2::text[]) as u (redeemer_partner_id, code_key)
   limit cardinality($1::uuid[])
) as k`;

/** The codes of the pairs: the one that holds the key and those that held it before. Two branches, since each has its index. */
export const CODES_OF_PAIRS = `(
    select l.redeemer_partner_id, l.id, l.offer_id
      from ${PAIRS}
      join codes l on l.redeemer_partner_id = k.redeemer_partner_id and l.code_key = k.code_key and l.live
     union all
    select p.redeemer_partner_id, p.id, p.offer_id
      from ${PAIRS}
      join codes p on p.redeemer_partner_id = k.redeemer_partner_id and p.code_key = k.code_key and not p.live
  )`;

/** The offers of some codes and, where the campaign has a budget that all of them spend from, the other offers of the campaign. */
function withSiblings(codes: string): string {
  // Five hundred coupons of one offer ask for one offer.
  const used = `(select distinct each.offer_id from ${codes} each) used`;
  return `(
    select o.redeemer_partner_id, o.id as offer_id, o.campaign_id
      from ${used} join offers o on o.id = used.offer_id
     union
    select s.redeemer_partner_id, s.id, s.campaign_id
      from ${used}
      join offers o on o.id = used.offer_id
      join campaigns m on m.id = o.campaign_id and m.has_budget
      join offers s on s.campaign_id = m.id
  )`;
}

/** For a `with`: the codes of the pairs, and in `offers_asked` the offers that a decision about them looks at. */
export const ASKED = `
  codes_asked as materialized (select * from ${CODES_OF_PAIRS} of_pairs),
  offers_asked as materialized (select * from ${withSiblings('codes_asked')} of_codes)`;

/**
 * Finds first and locks afterwards: a lock that had to wait checks its row again, and a code that lost its key in the
 * meantime would vanish from the answer if the condition on `live` stood beside the lock. The counters of the offers come last, as
 * in every transaction that takes both, and after all the codes: `union` cannot answer before it has read them.
 */
const find = (lock: (alias: string) => string): string => `
  with found as materialized (select * from ${CODES_OF_PAIRS} of_pairs), held as materialized (
    select c.*, b.revoked_at as batch_revoked_at
      from found f
      join codes c on c.redeemer_partner_id = f.redeemer_partner_id and c.id = f.id
      left join coupon_batches b on b.id = c.batch_id
     order by c.redeemer_partner_id, c.id ${lock('c')}
  ), counted as materialized (
    select t.redeemer_partner_id, t.offer_id
      from ${withSiblings('held')} used
      join offer_counters t on t.redeemer_partner_id = used.redeemer_partner_id and t.offer_id = used.offer_id
     order by t.redeemer_partner_id, t.offer_id ${lock('t')}
  )
  select c.id, c.redeemer_partner_id as "redeemerPartnerId", c.code_key as "codeKey", c.kind,
         c.offer_id as "offerId", c.placement_id as "placementId", c.max_redemptions as "maxRedemptions", c.uses,
         c.starts_at as "startsAt", c.expires_at as "expiresAt", least(c.revoked_at, c.batch_revoked_at) as "revokedAt", c.live,
         campaign.revision as "offerRevision", t.offer_id is not null as "isCounted"
    from held c
    join offers o on o.id = c.offer_id
    join campaigns campaign on campaign.id = o.campaign_id
    left join counted t on t.redeemer_partner_id = c.redeemer_partner_id and t.offer_id = c.offer_id
   order by c.redeemer_partner_id, c.id`;
const LOOK_UP = find(() => '');
const LOCK = find((alias) => `for update of ${alias}`);

/** Questions about codes, for the features above this one. */
@Injectable()
export class CodeReadModel {
  /** The codes with these keys, those that lost their key to a later one included. Locks nothing. */
  async lookup(tx: Tx, pairs: CodePairs): Promise<FoundCode[]> {
    const rows = await tx.prepared<FoundRow>('code_lookup', LOOK_UP, [pairs.partnerIds, pairs.keys]);
    return rows.map(toFoundCode);
  }

  /**
   * The same, the codes and then the counters of their offers locked in sorted order until the transaction ends,
   * so that two batches with common codes wait for each other instead of deadlocking.
   */
  async lockForDecision(tx: Tx, pairs: CodePairs): Promise<FoundCode[]> {
    const rows = await tx.prepared<FoundRow>('code_lock_for_decision', LOCK, [pairs.partnerIds, pairs.keys]);
    return rows.map(toFoundCode);
  }

  /** Which of the pairs name a code that another redeemer takes. */
  async foreignKeys(
    tx: Tx,
    pairs: CodePairs,
  ): Promise<{ readonly redeemerPartnerId: string; readonly codeKey: string }[]> {
    return tx.prepared(
      'code_foreign_keys',
      `select k.redeemer_partner_id as "redeemerPartnerId", k.code_key as "codeKey"
         from ${PAIRS}
        where exists (
          select from codes c
            left join coupon_batches b on b.id = c.batch_id
           where c.code_key = k.code_key and c.live and c.redeemer_partner_id <> k.redeemer_partner_id
             and c.revoked_at is null and b.revoked_at is null)`,
      [pairs.partnerIds, pairs.keys],
    );
  }

  /** The shapes of all coupons a redeemer has, to tell a mistyped coupon from an unknown code. */
  async couponShapes(tx: Tx, redeemerPartnerIds: readonly string[]): Promise<Map<string, CouponShape[]>> {
    const rows = await tx.prepared<{ redeemerPartnerId: string; shape: CouponShape }>(
      'code_coupon_shapes',
      `select distinct b.redeemer_partner_id as "redeemerPartnerId", b.shape
         from coupon_batches b where b.redeemer_partner_id = any($1::uuid[])`,
      [redeemerPartnerIds],
    );
    const shapes = new Map<string, CouponShape[]>(redeemerPartnerIds.map((id) => [id, []]));
    for (const row of rows) shapes.get(row.redeemerPartnerId)?.push(row.shape);
    return shapes;
  }

  /**
   * How many coupons a campaign has given out, by offer and placement: those of batches when they were made, those issued
   * one by one when they were issued. A revoked batch counts if anybody had fetched it: its coupons were given out, and
   * some were redeemed before. One that nobody fetched was given to nobody.
   */
  async couponsIssued(tx: Tx, campaignId: string): Promise<IssuedCoupons[]> {
    const rows = await tx.rows<{ offerId: string; placementId: string; coupons: string }>(
      `select o.id as "offerId", g.placement_id as "placementId", sum(g.coupons) as coupons
         from offers o
        cross join lateral (
          select b.placement_id, b.generated::bigint as coupons
            from coupon_batches b
           where b.offer_id = o.id and not b.is_pool and (b.revoked_at is null or b.handed_over_at is not null)
           union all
          select k.placement_id, k.issued
            from issuance_counters k
           where k.redeemer_partner_id = o.redeemer_partner_id and k.offer_id = o.id
        ) g
        where o.campaign_id = $1
        group by o.id, g.placement_id
       having sum(g.coupons) > 0
        order by o.id, g.placement_id`,
      [campaignId],
    );
    return rows.map((row) => ({ ...row, coupons: BigInt(row.coupons) }));
  }
}

type FoundRow = Omit<FoundCode, 'startsAt' | 'expiresAt' | 'revokedAt'> & {
  readonly startsAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
};

function toFoundCode(row: FoundRow): FoundCode {
  return {
    ...row,
    startsAt: row.startsAt?.getTime() ?? null,
    expiresAt: row.expiresAt?.getTime() ?? null,
    revokedAt: row.revokedAt?.getTime() ?? null,
  };
}
