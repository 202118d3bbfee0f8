import { Temporal } from 'temporal-polyfill';
import { formatMoney, parseMoney } from '../../src/kernel/money.js';
import { codeWord } from './plan-campaigns.js';
import type { Journey, JourneyRedemption, SampledReceipt } from './read-journey.js';

export const CURRENCY = 'USD';
export const TIME_ZONE = 'America/New_York';
/** The channel of redemptions whose receipt is not in the sample. */
export const UNSAMPLED = 'UNSAMPLED';

/** An item of a redemption batch, but for the id of its channel. `store` is a store or UNSAMPLED. */
export interface RedemptionItem {
  readonly store: string;
  readonly externalId: string;
  readonly code: string;
  readonly occurredAt: string;
  readonly receipt: { readonly number: string; readonly subtotal: Amount };
  readonly discount: Amount;
  readonly customer: { readonly reference: string };
  readonly offline: true;
}

export interface StoreDay {
  readonly store: string;
  readonly date: string;
  readonly receipts: number;
  readonly revenue: Amount;
}

interface Amount {
  readonly amount: string;
  readonly currency: string;
}

const NOTHING: Amount = { amount: '0.00', currency: CURRENCY };

/** One item per redemption, in file order, on the household's first sampled receipt of that local date. */
export function buildItems({ redemptions, receipts }: Journey): RedemptionItem[] {
  const firsts = firstReceipts(receipts);
  return redemptions.map((redemption, index) => {
    const { householdId, date, campaignId, upc } = redemption;
    return {
      ...onReceipt(redemption, firsts.get(visitKey(householdId, date))),
      externalId: `cj-${index + 1}`,
      code: codeWord(campaignId, upc),
      ...{ discount: NOTHING, customer: { reference: householdId }, offline: true as const },
    };
  });
}

/** Count and sum of the sampled receipts of each store and local date. */
export function sumStoreDays(receipts: readonly SampledReceipt[]): StoreDay[] {
  const days = new Map<string, { store: string; date: string; receipts: number; cents: bigint }>();
  for (const { storeId, localDate, sales } of receipts) {
    const key = `${storeId} ${localDate}`;
    const day = days.get(key) ?? { store: storeId, date: localDate, receipts: 0, cents: 0n };
    days.set(key, {
      ...day,
      receipts: day.receipts + 1,
      cents: day.cents + parseMoney(sales, CURRENCY).minor,
    });
  }
  return [...days.values()].map(({ cents, ...day }) => ({ ...day, revenue: dollars(cents) }));
}

function firstReceipts(receipts: readonly SampledReceipt[]): Map<string, SampledReceipt> {
  const firsts = new Map<string, SampledReceipt>();
  for (const receipt of receipts) {
    const key = visitKey(receipt.householdId, receipt.localDate);
    const first = firsts.get(key);
    if (!first || isBefore(receipt, first)) firsts.set(key, receipt);
  }
  return firsts;
}

/** By local time, then by the lower basket number. */
function isBefore(a: SampledReceipt, b: SampledReceipt): boolean {
  if (a.localTime !== b.localTime) return a.localTime < b.localTime;
  return BigInt(a.basketId) < BigInt(b.basketId);
}

function onReceipt(
  { householdId, date }: JourneyRedemption,
  receipt: SampledReceipt | undefined,
): Pick<RedemptionItem, 'store' | 'occurredAt' | 'receipt'> {
  if (!receipt) {
    const number = `X-${householdId}-${date}`;
    return { store: UNSAMPLED, occurredAt: noonOf(date), receipt: { number, subtotal: NOTHING } };
  }
  const subtotal = dollars(parseMoney(receipt.sales, CURRENCY).minor);
  return {
    store: receipt.storeId,
    occurredAt: receipt.utcTime,
    receipt: { number: receipt.basketId, subtotal },
  };
}

function visitKey(householdId: string, date: string): string {
  return `${householdId} ${date}`;
}

function noonOf(date: string): string {
  return Temporal.PlainDate.from(date)
    .toZonedDateTime({ timeZone: TIME_ZONE, plainTime: '12:00' })
    .toInstant()
    .toString();
}

function dollars(minor: bigint): Amount {
  return { amount: formatMoney({ minor, currency: CURRENCY }), currency: CURRENCY };
}
