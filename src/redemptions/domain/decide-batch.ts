import type { Attempt } from './attempt.js';
import type { CodeState, KnownCode } from './code-state.js';
import { judgeRedemption, type Verdict } from './judge-redemption.js';
import { countedDay, customerKey, offerDayKey, type Uses } from './uses.js';

export interface BatchItem {
  readonly attempt: Attempt;
  readonly code: CodeState;
}

/** Uses taken before the batch, as the database said under its locks. */
export interface Counters {
  code(codeId: string): number;
  offer(offerId: string): number;
  offerDay(offerId: string, day: string): number;
  customer(offerId: string, customerId: string): number;
  usedOnReceipt(codeId: string, receiptKey: string): boolean;
}

/** How many uses the batch takes from each counter. Keys come from `offerDayKey` and `customerKey`. */
export interface Claims {
  readonly codes: Map<string, number>;
  readonly offers: Map<string, number>;
  readonly offerDays: Map<string, number>;
  readonly customers: Map<string, number>;
}

export interface BatchDecision {
  /** One per item, in the order of the items. */
  readonly verdicts: Verdict[];
  readonly claims: Claims;
}

/** The counters as they stand while the batch is decided: the database's figures plus what the batch took so far. */
interface Running {
  readonly counters: Counters;
  readonly claims: Claims;
  readonly receipts: Set<string>;
}

const NO_USES: Uses = { code: 0, offer: 0, offerToday: 0, customer: 0, onThisReceipt: false };

/**
 * Decides the items one after another, each seeing what those before it took, so a batch gives the answers its items would
 * have got alone in that order. The caller holds the rows behind `counters` locked and writes `claims` in the same
 * transaction; adding them cannot pass a limit. What is honoured over a limit claims nothing, but does mark its receipt.
 * A known customer is counted even without a limit, so that a limit agreed later counts the earlier uses.
 */
export function decideBatch(items: readonly BatchItem[], counters: Counters): BatchDecision {
  const claims: Claims = { codes: new Map(), offers: new Map(), offerDays: new Map(), customers: new Map() };
  const running: Running = { counters, claims, receipts: new Set() };
  return { verdicts: items.map((item) => decideItem(item, running)), claims };
}

function decideItem({ attempt, code }: BatchItem, running: Running): Verdict {
  if (code.kind !== 'known') return judgeRedemption(attempt, code, NO_USES);
  const day = countedDay(attempt, code.offer);
  const verdict = judgeRedemption(attempt, code, usesSoFar(attempt, code, day, running));
  if (verdict.kind === 'refused') return verdict;
  running.receipts.add(receiptMark(code, attempt));
  if (!verdict.honouredOverLimit) claimUses(attempt, code, day, running.claims);
  return verdict;
}

function usesSoFar(attempt: Attempt, code: KnownCode, day: string | null, running: Running): Uses {
  const { counters, claims, receipts } = running;
  const { codeId } = code;
  const { offerId } = code.offer;
  const { customerId, receiptKey } = attempt;
  return {
    code: counters.code(codeId) + taken(claims.codes, codeId),
    offer: counters.offer(offerId) + taken(claims.offers, offerId),
    offerToday:
      day === null ? 0 : counters.offerDay(offerId, day) + taken(claims.offerDays, offerDayKey(offerId, day)),
    customer:
      customerId === null
        ? 0
        : counters.customer(offerId, customerId) + taken(claims.customers, customerKey(offerId, customerId)),
    onThisReceipt: receipts.has(receiptMark(code, attempt)) || counters.usedOnReceipt(codeId, receiptKey),
  };
}

function claimUses(attempt: Attempt, code: KnownCode, day: string | null, claims: Claims): void {
  const { offerId } = code.offer;
  add(claims.codes, code.codeId);
  add(claims.offers, offerId);
  if (day !== null) add(claims.offerDays, offerDayKey(offerId, day));
  if (attempt.customerId !== null) add(claims.customers, customerKey(offerId, attempt.customerId));
}

function taken(counts: Map<string, number>, key: string): number {
  return counts.get(key) ?? 0;
}

function add(counts: Map<string, number>, key: string): void {
  counts.set(key, taken(counts, key) + 1);
}

function receiptMark(code: KnownCode, attempt: Attempt): string {
  return `${code.codeId}|${attempt.receiptKey}`;
}
