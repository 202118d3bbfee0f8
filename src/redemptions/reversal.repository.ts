import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { ratio } from '../kernel/ratio.js';
import type { WaitingReversal } from './domain/apply-reversals.js';
import { type Conversion, SAME_CURRENCY } from './domain/conversion.js';

/** `amount` is in minor units and stands with its `currency`; both null: all that is left. */
export interface NewReversal {
  readonly redeemerPartnerId: string;
  readonly id: string;
  readonly externalId: string;
  readonly fingerprint: Buffer;
  readonly redemptionExternalId: string;
  readonly amount: bigint | null;
  readonly currency: string | null;
  readonly reason: string;
  readonly occurredAt: Date;
}

/** An accepted redemption that reversals wait for, and what became of it so far. Money minor units. */
export interface ReversibleRedemption {
  readonly redeemerPartnerId: string;
  readonly redemptionId: string;
  readonly codeId: string;
  readonly offerId: string;
  readonly campaignId: string;
  readonly channelId: string;
  readonly termsVersion: number;
  readonly customerId: string | null;
  readonly occurredAt: Date;
  readonly receivedAt: Date;
  readonly offline: boolean;
  readonly honouredOverLimit: boolean;
  readonly currency: string;
  /** How it took from the budget: `unknown` took nothing for the discount. */
  readonly conversion: Conversion;
  readonly net: bigint;
  readonly discount: bigint;
  readonly giftCost: bigint;
  readonly reversedNet: bigint;
  readonly reversedDiscount: bigint;
  readonly isComplete: boolean;
  readonly lastReversedAt: Date | null;
  /** By `occurredAt`; at least one. */
  readonly waiting: readonly WaitingReversal[];
}

/** What one reversal undid of its redemption. Money minor units of the redemption's currency. */
export interface Application {
  readonly redeemerPartnerId: string;
  readonly redemptionId: string;
  readonly reversalId: string;
  readonly net: bigint;
  readonly discount: bigint;
  readonly remaining: bigint;
  readonly completes: boolean;
  readonly useReturned: boolean;
  /** What goes back to the campaign's budget. */
  readonly costReturned: bigint;
}

/** Ids by the partner at whose till it happened, as parallel arrays. */
export interface PartnerIds {
  readonly partnerIds: readonly string[];
  readonly ids: readonly string[];
}

/** Under `w`, a reversal of the redemption under `r` that has not been applied and can be: not when it speaks of other money. */
const WAITS = `w.redeemer_partner_id = r.redeemer_partner_id and w.redemption_external_id = r.external_id
           and (w.currency is null or w.currency = r.currency)
           and not exists (select from reversal_applications a
                            where a.redeemer_partner_id = w.redeemer_partner_id and a.reversal_id = w.id)`;

@Injectable()
export class ReversalRepository {
  /** False when this external id is stored already; waits for a post of the same id that is under way. */
  async insert(tx: Tx, reversal: NewReversal): Promise<boolean> {
    const inserted = await tx.execute(
      `insert into reversals (redeemer_partner_id, id, external_id, fingerprint, redemption_external_id, amount, currency,
                              reason, occurred_at, received_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
       on conflict on constraint reversals_external_id do nothing`,
      [
        reversal.redeemerPartnerId,
        reversal.id,
        reversal.externalId,
        reversal.fingerprint,
        reversal.redemptionExternalId,
        reversal.amount,
        reversal.currency,
        reversal.reason,
        reversal.occurredAt,
      ],
    );
    return inserted === 1;
  }

  /**
   * Locks the accepted redemptions that these redemptions or reversals lead to and that reversals wait for, in key order. How
   * much of each is left has to be read afterwards (`readReversible`): this statement's snapshot is from before the lock.
   */
  async lockReversible(tx: Tx, redemptions: PartnerIds, reversals: PartnerIds): Promise<PartnerIds> {
    const rows = await tx.rows<{ partnerId: string; id: string }>(
      `select r.redeemer_partner_id as "partnerId", r.id
         from (select w.redeemer_partner_id, w.redemption_external_id
                 from unnest($3::uuid[], $4::uuid[]) as named (partner_id, id)
                 join reversals w on w.redeemer_partner_id = named.partner_id and w.id = named.id
               union
               select s.redeemer_partner_id, s.external_id
                 from unnest($1::uuid[], $2::uuid[]) as named (partner_id, id)
                 join redemptions s on s.redeemer_partner_id = named.partner_id and s.id = named.id and s.status = 'accepted') asked
         join redemptions r on r.redeemer_partner_id = asked.redeemer_partner_id and r.external_id = asked.redemption_external_id
         join lateral (select from reversals w where ${WAITS} limit 1) waiting on true
        where r.status = 'accepted'
        order by r.redeemer_partner_id, r.id
          for update of r`,
      [redemptions.partnerIds, redemptions.ids, reversals.partnerIds, reversals.ids],
    );
    return { partnerIds: rows.map((row) => row.partnerId), ids: rows.map((row) => row.id) };
  }

  /** The redemptions that `lockReversible` holds, with what is left of them and what waits; without those where nothing waits any more. */
  async readReversible(tx: Tx, locked: PartnerIds): Promise<ReversibleRedemption[]> {
    const rows = await tx.rows<ReversibleRow>(
      `select r.redeemer_partner_id as "redeemerPartnerId", r.id as "redemptionId", r.code_id as "codeId",
              r.offer_id as "offerId", r.campaign_id as "campaignId", r.channel_id as "channelId",
              r.terms_version as "termsVersion", r.customer_id as "customerId", r.occurred_at as "occurredAt",
              r.received_at as "receivedAt", r.offline, r.honoured_over_limit as "honouredOverLimit", r.currency,
              r.subtotal - r.discount as net, r.discount, r.gift_cost as "giftCost", r.currency = c.currency as "isOwnCurrency",
              rate.numerator::text, rate.denominator::text, done.net as "reversedNet", done.discount as "reversedDiscount", done.completed as "isComplete",
              done.latest as "lastReversedAt", w.id as "reversalId", w.amount, w.occurred_at as "reversedAt"
         from unnest($1::uuid[], $2::uuid[]) as held (partner_id, id)
         join redemptions r on r.redeemer_partner_id = held.partner_id and r.id = held.id
         join campaigns c on c.id = r.campaign_id
         left join day_rates rate
           on r.exchange_rate is not null and rate.base = r.currency and rate.quote = c.currency and rate.day = r.day
        cross join lateral (
                select coalesce(sum(a.net_amount), 0)::bigint as net, coalesce(sum(a.discount_amount), 0)::bigint as discount, coalesce(bool_or(a.completes), false) as completed,
                       max(v.occurred_at) as latest
                  from reversal_applications a
                  join reversals v on v.redeemer_partner_id = a.redeemer_partner_id and v.id = a.reversal_id
                 where a.redeemer_partner_id = r.redeemer_partner_id and a.redemption_id = r.id) done
         join lateral (select w.id, w.amount, w.occurred_at from reversals w where ${WAITS}) w on true
        order by r.redeemer_partner_id, r.id, w.occurred_at, w.id`,
      [locked.partnerIds, locked.ids],
    );
    return toReversible(rows);
  }

  /** Records what reversals of redemptions that are held undid. */
  async apply(tx: Tx, applications: readonly Application[]): Promise<void> {
    await tx.execute(
      `insert into reversal_applications
              (redeemer_partner_id, redemption_id, reversal_id, net_amount, discount_amount, net_remaining, completes, use_returned,
               cost_returned)
       select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::boolean[], $8::boolean[], $9::bigint[])`,
      [
        applications.map((one) => one.redeemerPartnerId),
        applications.map((one) => one.redemptionId),
        applications.map((one) => one.reversalId),
        applications.map((one) => one.net),
        applications.map((one) => one.discount),
        applications.map((one) => one.remaining),
        applications.map((one) => one.completes),
        applications.map((one) => one.useReturned),
        applications.map((one) => one.costReturned),
      ],
    );
  }
}

type MoneyColumn = 'net' | 'discount' | 'giftCost' | 'reversedNet' | 'reversedDiscount';

/** A redemption beside one of its waiting reversals. */
interface ReversibleRow
  extends
    Omit<ReversibleRedemption, MoneyColumn | 'conversion' | 'waiting'>,
    Record<MoneyColumn | 'reversalId', string> {
  readonly isOwnCurrency: boolean;
  /** Null where no rate was used. */
  readonly numerator: string | null;
  readonly denominator: string | null;
  readonly amount: string | null;
  readonly reversedAt: Date;
}

function toReversible(rows: readonly ReversibleRow[]): ReversibleRedemption[] {
  const byRedemption = new Map<string, ReversibleRedemption & { waiting: WaitingReversal[] }>();
  for (const row of rows) {
    const {
      reversalId,
      amount,
      reversedAt,
      isOwnCurrency: _,
      numerator: __,
      denominator: ___,
      ...rest
    } = row;
    const redemption = byRedemption.get(row.redemptionId) ?? {
      ...rest,
      conversion: conversionOf(row),
      net: BigInt(row.net),
      discount: BigInt(row.discount),
      giftCost: BigInt(row.giftCost),
      reversedNet: BigInt(row.reversedNet),
      reversedDiscount: BigInt(row.reversedDiscount),
      waiting: [],
    };
    redemption.waiting.push({
      reversalId,
      amount: amount === null ? null : BigInt(amount),
      occurredAt: reversedAt.getTime(),
    });
    byRedemption.set(row.redemptionId, redemption);
  }
  return [...byRedemption.values()];
}

function conversionOf({ isOwnCurrency, numerator, denominator, currency }: ReversibleRow): Conversion {
  if (isOwnCurrency) return SAME_CURRENCY;
  if (numerator === null || denominator === null) return { kind: 'unknown' };
  return { kind: 'rate', perMinor: ratio(BigInt(numerator), BigInt(denominator)), currency };
}
