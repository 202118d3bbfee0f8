import type {
  Fact,
  Programme,
  ReceiptFact,
  RedemptionFact,
  ReversalFact,
  WaitingReversalFact,
} from './attribution-builders.js';

/** Figures by cell, the cell as text; zeros are left out. */
export type Cells = Record<string, Record<string, bigint>>;

export interface Rollups {
  readonly days: Cells;
  readonly receiptDays: Cells;
  readonly pairDays: Cells;
}

interface Facts {
  readonly redemptions: readonly RedemptionFact[];
  readonly reversals: readonly Reversal[];
  readonly receipts: readonly ReceiptFact[];
  readonly foreign: Foreign;
}

/** What the minor unit of one currency is in that of another on a day: so many of `quote` for so many of `base`. */
export type RateOn = (
  base: string,
  quote: string,
  day: string,
) => { base: bigint; quote: bigint } | undefined;

/** In which currency the campaigns are that are not in the partners' own, and what that is worth. */
export interface Foreign {
  readonly currencies: ReadonlyMap<string, string>;
  readonly rateOn: RateOn;
}

const NOTHING_FOREIGN: Foreign = { currencies: new Map(), rateOn: () => undefined };

type Reversal = Pick<ReversalFact, 'redemptionId' | 'netAmount' | 'discountAmount' | 'completes'>;
const NOTHING_LEFT = { netAmount: 0n, discountAmount: 0n, completes: true };
/** All partners of a programme have this currency; their receipts are in it. */
const PARTNER_CURRENCY = 'EUR';

const DAY_MS = 86_400_000;

/**
 * The rollups, counted from all facts at once and as the definitions of the metrics read, with nested loops and no
 * regard to speed. Shares no code with what it checks.
 */
export function naiveRollups(programme: Programme, all: readonly Fact[], foreign = NOTHING_FOREIGN): Rollups {
  const redemptions = all.flatMap(({ kind, fact }) => (kind === 'redemption' ? [fact] : []));
  const waiting = all.flatMap(({ kind, fact }) => (kind === 'waiting-reversal' ? [fact] : []));
  const applied = all.flatMap(({ kind, fact }) => (kind === 'reversal' ? [fact] : []));
  const facts: Facts = {
    redemptions,
    reversals: [...applied, ...redemptions.flatMap((redemption) => askedFor(redemption, waiting))],
    receipts: all.flatMap(({ kind, fact }) => (kind === 'receipt' ? [fact] : [])),
    foreign,
  };
  const days: Cells = {};
  const receiptDays: Cells = {};
  countRedemptions(programme, facts, days);
  countCustomers(programme, facts, days);
  countPromoReceipts(programme, facts, receiptDays);
  const pairDays: Cells = {};
  countPairCustomers(programme, facts, pairDays);
  return {
    days: withoutZeros(days),
    receiptDays: withoutZeros(receiptDays),
    pairDays: withoutZeros(pairDays),
  };
}

/** What each clerk did on each day, from the same facts. */
export function naiveClerkDays(programme: Programme, all: readonly Fact[], foreign = NOTHING_FOREIGN): Cells {
  const clerkOf = new Map(
    all.flatMap(({ kind, fact }) => (kind === 'redemption' ? [[fact.id, fact.clerk]] : [])),
  );
  const cells: Cells = {};
  for (const clerk of new Set(clerkOf.values())) {
    // Reversals without their redemption undo nothing, so the facts of one clerk can be counted alone.
    const own = all.filter(({ kind, fact }) => kind !== 'redemption' || fact.clerk === clerk);
    for (const [cell, figures] of Object.entries(naiveRollups(programme, own, foreign).days)) {
      const [redeemer, campaign, , , channel, day] = cell.split(' ');
      const { redemptions = 0n, refusals = 0n, discount = 0n, leakage = 0n } = figures;
      const where = [redeemer, campaign, channel, clerk ?? '', day].join(' ');
      add(cells, where, { redemptions, refusals, discount, leakage });
    }
  }
  return withoutZeros(cells);
}

/**
 * What posted reversals of a redemption undo together, as one: the money they name, and the discount in proportion, half a
 * cent up. Whatever is beyond the price, or speaks of other money, undoes nothing.
 */
function askedFor(redemption: RedemptionFact, all: readonly WaitingReversalFact[]): Reversal[] {
  const asked = all
    .filter((one) => one.redemptionExternalId === redemption.id)
    .filter((one) => one.currency === null || one.currency === redemption.currency);
  if (asked.length === 0) return [];
  const paid = redemption.subtotal - redemption.discount;
  const netAmount = sum(asked.map((one) => one.amount ?? paid));
  if (netAmount >= paid) return [{ redemptionId: redemption.id, ...NOTHING_LEFT }];
  const discountAmount = (2n * netAmount * redemption.discount + paid) / (2n * paid);
  return [{ redemptionId: redemption.id, netAmount, discountAmount, completes: false }];
}

/** Leaves out figures that are 0 and cells that have no other. */
export function withoutZeros(cells: Cells): Cells {
  const entries = Object.entries(cells).map(([cell, figures]) => {
    const others = Object.entries(figures).filter(([, figure]) => figure !== 0n);
    return [cell, Object.fromEntries(others)] as const;
  });
  return Object.fromEntries(entries.filter(([, figures]) => Object.keys(figures).length > 0));
}

function countRedemptions(programme: Programme, facts: Facts, days: Cells): void {
  const coupons = programme.redeemers
    .flatMap((redeemer) => redeemer.codes)
    .filter((code) => code.kind === 'coupon')
    .map((code) => code.codeId);
  for (const redemption of facts.redemptions) {
    if (redemption.campaignId === null) continue;
    if (redemption.status === 'refused') {
      const leaked = toCampaign(facts, redemption, redemption.leakedDiscount);
      const leakage = leaked ?? 0n;
      const offlineLeakage = redemption.offline ? leakage : 0n;
      const unconvertedLeakage = leaked === undefined ? 1n : 0n;
      add(days, dayCell(redemption), { refusals: 1n, leakage, offlineLeakage, unconvertedLeakage });
    }
    if (!counts(facts, redemption)) continue;
    const returned = reversalsOf(facts, redemption).map((reversal) => reversal.discountAmount);
    const discount = toCampaign(facts, redemption, redemption.discount - sum(returned));
    add(days, dayCell(redemption), {
      redemptions: 1n,
      couponRedemptions: coupons.includes(redemption.codeId ?? '') ? 1n : 0n,
      unknownCustomers: redemption.customerId === null ? 1n : 0n,
      discount: discount ?? 0n,
      unconverted: discount === undefined ? 1n : 0n,
      giftCost: redemption.giftCost,
    });
  }
}

function countPromoReceipts(programme: Programme, facts: Facts, receiptDays: Cells): void {
  const live = facts.redemptions.filter((redemption) => counts(facts, redemption)).sort(byTime);
  for (const grain of ['campaign', 'issuer', 'offer', 'placement'] as const) {
    const counted = new Set<string>();
    for (const redemption of live) {
      const group = grain === 'issuer' ? issuerOf(programme, redemption) : redemption[`${grain}Id`];
      const receipt = [redemption.redeemerPartnerId, redemption.channelId, redemption.receiptNumber].join();
      if (counted.has(`${group} ${receipt}`)) continue;
      counted.add(`${group} ${receipt}`);
      const cell = [
        redemption.redeemerPartnerId,
        redemption.campaignId,
        grain,
        group,
        redemption.channelId,
        redemption.day,
      ];
      const onReceipt = live.filter((other) => isOnReceiptOf(other, redemption));
      add(receiptDays, cell.join(' '), { promoReceipts: 1n, ...receiptValue(facts, onReceipt, redemption) });
    }
  }
}

function receiptValue(
  facts: Facts,
  sameReceipt: readonly RedemptionFact[],
  redemption: RedemptionFact,
): Record<string, bigint> {
  const onReceipt = sameReceipt.filter((other) => other.currency === redemption.currency);
  const [posted] = facts.receipts
    .filter((receipt) => receipt.redeemerPartnerId === redemption.redeemerPartnerId)
    .filter(
      (receipt) => receipt.channelId === redemption.channelId && receipt.number === redemption.receiptNumber,
    )
    .sort((a, b) => a.recordedAt.getTime() - b.recordedAt.getTime() || (a.id < b.id ? -1 : 1));
  const gross = largest(onReceipt.map((other) => other.subtotal)) ?? 0n;
  const net = gross - sum(onReceipt.map((other) => other.discount));
  const charged = posted ? toRedemption(facts, redemption, posted.total) : net;
  if (charged === undefined) return { unconvertedReceipts: 1n };
  const returned = sum(
    onReceipt.flatMap((other) => reversalsOf(facts, other)).map((reversal) => reversal.netAmount),
  );
  const left = charged - returned;
  const revenue = left < 0n ? 0n : left;
  const goods = posted?.costOfGoods ?? null;
  const postedCost = goods === null ? undefined : toRedemption(facts, redemption, goods);
  const cost = postedCost ?? largest(onReceipt.flatMap((other) => other.costOfGoods ?? []));
  const told = toCampaign(facts, redemption, revenue);
  const toldCost = toCampaign(facts, redemption, cost === undefined ? 0n : costLeft(cost, charged, returned));
  if (told === undefined || toldCost === undefined) return { unconvertedReceipts: 1n };
  if (cost === undefined) return { revenue: told };
  return { revenue: told, costedRevenue: told, costOfGoods: toldCost };
}

/** What an amount that the till counted is in the currency of the campaign; undefined without a rate. */
function toCampaign({ foreign }: Facts, { campaignId, currency, day }: RedemptionFact, amount: bigint) {
  const wanted = foreign.currencies.get(campaignId ?? '') ?? PARTNER_CURRENCY;
  return convert(foreign, currency, wanted, day ?? '', amount);
}

/** What an amount that the partner posted is in the currency in which the till counted. */
function toRedemption({ foreign }: Facts, { currency, day }: RedemptionFact, amount: bigint) {
  if (currency !== PARTNER_CURRENCY && amount === 0n) {
    return foreign.rateOn(PARTNER_CURRENCY, currency, day ?? '') && 0n;
  }
  return convert(foreign, PARTNER_CURRENCY, currency, day ?? '', amount);
}

/** The whole number next to the fraction; when two are as near, the even one. */
function convert({ rateOn }: Foreign, from: string, to: string, day: string, amount: bigint) {
  if (from === to || amount === 0n) return amount;
  const rate = rateOn(from, to, day);
  if (!rate) return undefined;
  const exact = amount * rate.quote;
  const below = exact / rate.base;
  const toBelow = exact - below * rate.base;
  const toAbove = rate.base - toBelow;
  if (toBelow !== toAbove) return toBelow < toAbove ? below : below + 1n;
  return below % 2n === 0n ? below : below + 1n;
}

/** Goods come back in the part in which their price was given back; half a cent of the cost that is left goes up. */
function costLeft(cost: bigint, charged: bigint, returned: bigint): bigint {
  if (returned === 0n || charged <= 0n) return cost;
  if (returned >= charged) return 0n;
  const halfCents = (2n * cost * (charged - returned)) / charged;
  return (halfCents + 1n) / 2n;
}

function countCustomers(programme: Programme, facts: Facts, days: Cells): void {
  const live = facts.redemptions.filter((redemption) => counts(facts, redemption)).sort(byTime);
  const met = new Set<string>();
  for (const first of live) {
    if (first.customerId === null) continue;
    const customer = [first.redeemerPartnerId, first.campaignId, first.customerId].join();
    if (met.has(customer)) continue;
    met.add(customer);
    const terms = programme.terms.find(
      (version) => version.campaignId === first.campaignId && version.version === first.termsVersion,
    );
    if (!terms) throw new Error('a redemption was decided under terms that do not exist');
    const daysBefore = visitsBefore(facts, live, first)
      .map((visit) => (first.occurredAt.getTime() - visit.getTime()) / DAY_MS)
      .filter((age) => age > 0 && age <= terms.newCustomerLookbackDays);
    const isNew = daysBefore.length === 0;
    add(days, dayCell(first), {
      newCustomers: isNew ? 1n : 0n,
      returningCustomers: isNew ? 0n : 1n,
      returningAfterAbsence: !isNew && Math.min(...daysBefore) >= terms.returningAfterDays ? 1n : 0n,
      claimedNew: first.customerStatus === 'new' ? 1n : 0n,
      claimedReturning: first.customerStatus === 'returning' ? 1n : 0n,
    });
  }
}

/** A customer counts once for each partner that sent it, when it first came with a code of that partner. */
function countPairCustomers(programme: Programme, facts: Facts, pairDays: Cells): void {
  const live = facts.redemptions.filter((redemption) => counts(facts, redemption)).sort(byTime);
  const met = new Set<string>();
  for (const { redeemerPartnerId, campaignId, customerId, day, ...redemption } of live) {
    if (customerId === null) continue;
    const pair = [redeemerPartnerId, campaignId, issuerOf(programme, redemption)].join(' ');
    if (met.has(`${pair} ${customerId}`)) continue;
    met.add(`${pair} ${customerId}`);
    add(pairDays, `${pair} ${day}`, { customers: 1n });
  }
}

function issuerOf({ issuers }: Programme, { offerId }: Pick<RedemptionFact, 'offerId'>): string {
  return issuers.get(offerId ?? '') ?? '';
}

/** When this customer was at this redeemer on another receipt, at any time. */
function visitsBefore(facts: Facts, live: readonly RedemptionFact[], first: RedemptionFact): Date[] {
  const visits = [
    ...live,
    ...facts.receipts.map((receipt) => ({ ...receipt, receiptNumber: receipt.number })),
  ];
  return visits
    .filter(
      (visit) => visit.redeemerPartnerId === first.redeemerPartnerId && visit.customerId === first.customerId,
    )
    .filter((visit) => !isOnReceiptOf(visit, first))
    .map((visit) => visit.occurredAt);
}

function counts(facts: Facts, redemption: RedemptionFact): boolean {
  return (
    redemption.status === 'accepted' && !reversalsOf(facts, redemption).some((reversal) => reversal.completes)
  );
}

function reversalsOf(facts: Facts, redemption: RedemptionFact): Reversal[] {
  return facts.reversals.filter((reversal) => reversal.redemptionId === redemption.id);
}

type OnReceipt = Pick<RedemptionFact, 'redeemerPartnerId' | 'channelId' | 'receiptNumber'>;

function isOnReceiptOf(a: OnReceipt, b: OnReceipt): boolean {
  return (
    a.redeemerPartnerId === b.redeemerPartnerId &&
    a.channelId === b.channelId &&
    a.receiptNumber === b.receiptNumber
  );
}

function byTime(a: RedemptionFact, b: RedemptionFact): number {
  return a.occurredAt.getTime() - b.occurredAt.getTime() || (a.id < b.id ? -1 : 1);
}

function dayCell(r: RedemptionFact): string {
  return [r.redeemerPartnerId, r.campaignId, r.offerId, r.placementId, r.channelId, r.day].join(' ');
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

function largest(amounts: readonly bigint[]): bigint | undefined {
  return amounts.reduce<bigint | undefined>(
    (most, amount) => (most === undefined || amount > most ? amount : most),
    undefined,
  );
}

function add(cells: Cells, cell: string, figures: Record<string, bigint>): void {
  const held = (cells[cell] ??= {});
  for (const [name, figure] of Object.entries(figures)) held[name] = (held[name] ?? 0n) + figure;
}
