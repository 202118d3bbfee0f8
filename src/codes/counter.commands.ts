import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { type CodePairs, CODES_OF_PAIRS } from './code.read-model.js';
import { CounterTable, type OfferKey, type WithUses } from './counter-table.repository.js';

interface OfferDayKey extends OfferKey {
  /** Local date in the campaign's zone. */
  readonly day: string;
}
interface OfferCustomerKey extends OfferKey {
  readonly customerId: string;
}

/** Counters with a number of uses: what they hold, what is to be taken, or what is to be given back. */
export interface CounterUses {
  readonly offers: readonly WithUses<OfferKey>[];
  readonly offerDays: readonly WithUses<OfferDayKey>[];
  readonly customers: readonly WithUses<OfferCustomerKey>[];
}

/** What a counter of an offer holds for one day, or for one customer. */
export interface DetailUses {
  readonly offerId: string;
  readonly kind: 'day' | 'customer';
  readonly detail: string;
  readonly uses: number;
}

const OFFERS = new CounterTable<OfferKey>('offer_counters');
const OFFER_DAYS = new CounterTable<OfferDayKey>('offer_day_counters', {
  column: 'day',
  type: 'date',
  of: (key) => key.day,
});
const CUSTOMERS = new CounterTable<OfferCustomerKey>('customer_counters', {
  column: 'customer_id',
  type: 'uuid',
  of: (key) => key.customerId,
});

/**
 * How often offers were used: in all, per day, per customer. The row of an offer in `offer_counters` is the lock for all
 * counters of that offer. Whoever reads to decide, or writes, takes it first and in sorted order (`CodeReadModel.lockForDecision`
 * does); so the rows of days and customers need no locks of their own, and none has to be made only to be locked.
 */
@Injectable()
export class CounterCommands {
  /** Makes the counters of offers that were never used, so that there is a row to lock. */
  async make(tx: Tx, offers: readonly OfferKey[]): Promise<void> {
    await OFFERS.take(
      tx,
      offers.map((offer) => ({ ...offer, uses: 0 })),
    );
  }

  /**
   * What the offers of these codes hold for these customers, for these days and for what is today somewhere on earth; a counter
   * that was never used is left out. It asks by the code, so that it can be sent together with the statement that finds the code.
   */
  async details(
    tx: Tx,
    pairs: CodePairs,
    days: readonly string[],
    customerIds: readonly string[],
  ): Promise<DetailUses[]> {
    return tx.prepared<DetailUses>(
      'counter_details',
      `with offers as materialized (
         select distinct c.redeemer_partner_id, c.offer_id from ${CODES_OF_PAIRS} c
       )
       select t.offer_id as "offerId", 'day' as kind, t.day::text as detail, t.uses
         from offers o
         join offer_day_counters t
           on t.redeemer_partner_id = o.redeemer_partner_id and t.offer_id = o.offer_id and t.day = any($3::date[] || array[current_date - 1, current_date, current_date + 1])
        union all
       select t.offer_id, 'customer', t.customer_id::text, t.uses
         from offers o
         join customer_counters t
           on t.redeemer_partner_id = o.redeemer_partner_id and t.offer_id = o.offer_id and t.customer_id = any($4::uuid[])`,
      [pairs.partnerIds, pairs.keys, days, customerIds],
    );
  }

  /** Takes uses; the caller holds the counters of the offers. Sends everything at once, for a pipelined connection. */
  take(tx: Tx, uses: CounterUses): Promise<void>[] {
    return [
      OFFERS.take(tx, uses.offers),
      OFFER_DAYS.take(tx, uses.offerDays),
      CUSTOMERS.take(tx, uses.customers),
    ];
  }

  /** Gives uses back; locks the counters of the offers first. Throws when a counter has fewer. */
  async giveBack(tx: Tx, uses: CounterUses): Promise<void> {
    await OFFERS.lock(tx, uses.offers);
    await OFFERS.giveBack(tx, uses.offers);
    await OFFER_DAYS.giveBack(tx, uses.offerDays);
    await CUSTOMERS.giveBack(tx, uses.customers);
  }
}
