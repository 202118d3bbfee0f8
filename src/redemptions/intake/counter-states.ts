import { Injectable } from '@nestjs/common';
import { CounterCommands, type CounterKeys, type CounterUses } from '../../codes/counter.commands.js';
import type { Tx } from '../../platform/database/tx.js';
import { judgingInstant } from '../domain/attempt.js';
import { termsInForce } from '../domain/code-state.js';
import type { Counters } from '../domain/decide-batch.js';
import { countedDay, customerKey, offerDayKey } from '../domain/uses.js';
import type { ReadySubmission } from './ready-submission.js';
import { type CodeOnReceipt, RedemptionRepository } from './redemption.repository.js';

/** Reads the counters a batch is judged by. Only limited ones are read: an unlimited one is not asked for and counts as 0. */
@Injectable()
export class CounterStates {
  constructor(
    private readonly counters: CounterCommands,
    private readonly redemptions: RedemptionRepository,
  ) {}

  /** `codeUses` comes from the codes' own rows. With `lock` the counters stay locked until the transaction ends. */
  async load(
    tx: Tx,
    ready: readonly ReadySubmission[],
    codeUses: ReadonlyMap<string, number>,
    lock: boolean,
  ): Promise<Counters> {
    const used = await this.redemptions.findUsedOnReceipts(tx, ready.flatMap(codeOnReceipt));
    const keys = limitedKeys(ready);
    const isLimited = keys.offers.length + keys.offerDays.length + keys.customers.length > 0;
    const uses = isLimited
      ? await (lock ? this.counters.lock(tx, keys) : this.counters.read(tx, keys))
      : NO_USES;
    return toCounters(codeUses, uses, used);
  }
}

const NO_USES: CounterUses = { offers: [], offerDays: [], customers: [] };

function codeOnReceipt({ submission, code }: ReadySubmission): CodeOnReceipt[] {
  if (code.kind !== 'known') return [];
  const { redeemerPartnerId, channelId, receiptNumber } = submission;
  return [{ redeemerPartnerId, codeId: code.codeId, channelId, receiptNumber }];
}

/** The counters that a limit of the terms in force asks for, each once. */
function limitedKeys(ready: readonly ReadySubmission[]): CounterKeys {
  const offers = new Map<string, CounterKeys['offers'][number]>();
  const offerDays = new Map<string, CounterKeys['offerDays'][number]>();
  const customers = new Map<string, CounterKeys['customers'][number]>();
  for (const { submission, attempt, offer } of ready) {
    const terms = offer && termsInForce(offer, judgingInstant(attempt));
    if (!offer || !terms) continue;
    const { offerId } = offer;
    const key = { redeemerPartnerId: submission.redeemerPartnerId, offerId };
    if (terms.totalLimit !== null) offers.set(offerId, key);
    const day = terms.dailyLimit === null ? null : countedDay(attempt, offer);
    if (day !== null) offerDays.set(offerDayKey(offerId, day), { ...key, day });
    const { customerId } = attempt;
    if (terms.perCustomerLimit !== null && customerId !== null)
      customers.set(customerKey(offerId, customerId), { ...key, customerId });
  }
  return {
    offers: [...offers.values()],
    offerDays: [...offerDays.values()],
    customers: [...customers.values()],
  };
}

function toCounters(
  codeUses: ReadonlyMap<string, number>,
  uses: CounterUses,
  used: readonly CodeOnReceipt[],
): Counters {
  const offers = new Map(uses.offers.map((one) => [one.offerId, one.uses]));
  const days = new Map(uses.offerDays.map((one) => [offerDayKey(one.offerId, one.day), one.uses]));
  const customers = new Map(
    uses.customers.map((one) => [customerKey(one.offerId, one.customerId), one.uses]),
  );
  const receipts = new Set(used.map((one) => `${one.codeId}|${one.channelId}/${one.receiptNumber}`));
  return {
    code: (codeId) => codeUses.get(codeId) ?? 0,
    offer: (offerId) => offers.get(offerId) ?? 0,
    offerDay: (offerId, day) => days.get(offerDayKey(offerId, day)) ?? 0,
    customer: (offerId, customerId) => customers.get(customerKey(offerId, customerId)) ?? 0,
    usedOnReceipt: (codeId, receiptKey) => receipts.has(`${codeId}|${receiptKey}`),
  };
}
