import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { CounterTable, type OfferKey, type WithUses } from './counter-table.repository.js';

interface OfferDayKey extends OfferKey {
  /** Local date in the campaign's zone. */
  readonly day: string;
}
interface OfferCustomerKey extends OfferKey {
  readonly customerId: string;
}

/** Which counters are meant; each key once. */
export interface CounterKeys {
  readonly offers: readonly OfferKey[];
  readonly offerDays: readonly OfferDayKey[];
  readonly customers: readonly OfferCustomerKey[];
}

/** Counters with a number of uses: what they hold, or what is to be added to them. */
export interface CounterUses {
  readonly offers: readonly WithUses<OfferKey>[];
  readonly offerDays: readonly WithUses<OfferDayKey>[];
  readonly customers: readonly WithUses<OfferCustomerKey>[];
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
 * counters of that offer. Whoever reads to decide, or writes, takes it first and in sorted order; so the rows of days and
 * customers need no locks of their own, and none has to be made only to be locked.
 */
@Injectable()
export class CounterCommands {
  /** Locks the counters until the transaction ends and answers what they hold, in the order of the keys; 0 if never used. */
  async lock(tx: Tx, keys: CounterKeys): Promise<CounterUses> {
    const locked = await OFFERS.lock(tx, offersOf(keys));
    const uses = new Map(locked.map((offer) => [offer.offerId, offer.uses]));
    return {
      offers: keys.offers.map((key) => ({ ...key, uses: uses.get(key.offerId) ?? 0 })),
      // Statements of their own, so with snapshots from after the lock.
      offerDays: await OFFER_DAYS.read(tx, keys.offerDays),
      customers: await CUSTOMERS.read(tx, keys.customers),
    };
  }

  /** What the counters hold at the moment, for a question that decides nothing. */
  async read(tx: Tx, keys: CounterKeys): Promise<CounterUses> {
    return {
      offers: await OFFERS.read(tx, keys.offers),
      offerDays: await OFFER_DAYS.read(tx, keys.offerDays),
      customers: await CUSTOMERS.read(tx, keys.customers),
    };
  }

  /**
   * Adds uses, or gives them back when negative, to counters that `lock` holds; for a redemption that is reversed no lock is
   * needed before, `add` takes it. Throws when a counter would fall below zero.
   */
  async add(tx: Tx, uses: CounterUses): Promise<void> {
    const givesBack = [uses.offers, uses.offerDays, uses.customers].flat().some((one) => one.uses < 0);
    if (givesBack) await OFFERS.lock(tx, offersOf(uses));
    await OFFERS.add(tx, uses.offers);
    await OFFER_DAYS.add(tx, uses.offerDays);
    await CUSTOMERS.add(tx, uses.customers);
  }
}

function offersOf({ offers, offerDays, customers }: CounterKeys): OfferKey[] {
  const all: OfferKey[] = [...offers, ...offerDays, ...customers];
  return [
    ...new Map(
      all.map(({ redeemerPartnerId, offerId }) => [offerId, { redeemerPartnerId, offerId }]),
    ).values(),
  ];
}
