import { Injectable } from '@nestjs/common';
import { TandemError } from '../kernel/errors.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import { Outbox, type OutboxRow } from '../platform/outbox/outbox.js';
import { OutboxTries } from '../platform/outbox/outbox-tries.js';
import { OutboxTurns, type Turn as OutboxTurn } from '../platform/outbox/outbox-turns.js';
import { RECORDED_FACTS_TOPIC } from '../receipts/recorded-facts.events.js';
import { ReversalCommands } from '../redemptions/reversal.commands.js';
import { WaitingReversals } from '../redemptions/waiting-reversals.read-model.js';
import { factRefs } from './attribute-facts.job.js';
import { countRefs, mergeRefs, type RedeemerRefs, splitRefs } from './domain/merge-refs.js';
import { planFor, preferIndexes } from './index-plans.js';
import { RecomputeContributionsService } from './recompute-contributions.service.js';
import { ATTRIBUTION_LOCK, lockRedeemers, lockRedeemersOf } from './redeemer-lock.repository.js';

/** What a worker found to do: `busy` means that other workers hold all redeemers that have something. */
export type Turn =
  | { readonly kind: 'worked'; readonly redeemerId: string; readonly facts: number }
  | { readonly kind: 'busy' }
  | { readonly kind: 'idle' };

/**
 * Facts in one turn: with so many the cost of a transaction is shared out, and the next redeemer waits for some tenths of a
 * second.
 */
const FACTS_PER_TURN = 2_000;
const ROWS_PER_TURN = 500;

/** Faulty facts that one failure is searched for. When there are more, it is not the facts that are at fault. */
const FAULTS_SEARCHED = 10;

/** Reversals have to be applied before these rows can be finished, in a transaction of their own. */
class ReversalsWait extends Error {
  constructor(readonly refs: readonly RedeemerRefs[]) {
    super('reversals wait to be applied');
  }
}

interface Search {
  faultsLeft: number;
}

/** Turns recorded redemptions, reversals and receipts into what they add to the rollups. */
@Injectable()
export class AttributionService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly turns: OutboxTurns,
    private readonly tries: OutboxTries,
    private readonly waitingReversals: WaitingReversals,
    private readonly reversals: ReversalCommands,
    private readonly contributions: RecomputeContributionsService,
  ) {}

  /** Attributes the oldest facts of the next redeemer whom no other worker holds. Never waits for another worker. */
  async takeTurn(facts = FACTS_PER_TURN): Promise<Turn> {
    const request = { topic: RECORDED_FACTS_TOPIC, lockSpace: ATTRIBUTION_LOCK, facts, rows: ROWS_PER_TURN };
    let turn: OutboxTurn | undefined;
    try {
      return await this.transaction(async (tx) => {
        await preferIndexes(tx);
        turn = await this.turns.next(tx, request);
        if (!turn) return { kind: (await this.turns.isAnyLeft(tx, request.topic)) ? 'busy' : 'idle' };
        const redeemerId = turn.redeemerPartnerId;
        const followed = await this.finish(tx, turn.rows, { held: [redeemerId], mayReversalsWait: true });
        return { kind: 'worked', redeemerId, facts: followed };
      });
    } catch (error) {
      if (!turn) throw error;
      const ids = turn.rows.map((row) => row.id);
      const followed = await this.recover(ids, error, { faultsLeft: FAULTS_SEARCHED });
      return { kind: 'worked', redeemerId: turn.redeemerPartnerId, facts: followed };
    }
  }

  /**
   * Attributes the facts of these outbox rows and finishes the rows. Rows that are gone were attributed before, rows that
   * another worker holds are its business. Waits for the redeemers. Answers how many references were followed.
   */
  async attribute(outboxIds: readonly string[]): Promise<number> {
    return this.attributeNamed(outboxIds, { faultsLeft: FAULTS_SEARCHED });
  }

  private async attributeNamed(outboxIds: readonly string[], search: Search): Promise<number> {
    try {
      return await this.finishNamed(outboxIds, { mayReversalsWait: true });
    } catch (error) {
      return this.recover(outboxIds, error, search);
    }
  }

  /** What is left to do after the rows could not be finished in one go; answers how many references were followed after all. */
  private async recover(outboxIds: readonly string[], error: unknown, search: Search): Promise<number> {
    if (error instanceof ReversalsWait) return this.applyReversals(outboxIds, error.refs, search);
    // The database or the queue is away: the job runs again, and it is no fault of the rows.
    if (error instanceof TandemError && error.kind === 'operational') throw error;
    return this.narrowDown(outboxIds, error, search);
  }

  /**
   * Giving uses back locks codes and counters that tills wait for, and the tills should not wait for the rollups too. The rows
   * are finished only after it: without this step their reversals would be lost.
   */
  private async applyReversals(
    outboxIds: readonly string[],
    refs: readonly RedeemerRefs[],
    search: Search,
  ): Promise<number> {
    try {
      for (const one of refs) await this.transaction((tx) => this.reversals.applyWaiting(tx, toKeys(one)));
      return await this.finishNamed(outboxIds, { mayReversalsWait: false });
    } catch (error) {
      return this.recover(outboxIds, error, search);
    }
  }

  /**
   * One fact that cannot be attributed does not hold up the others: rows are halved, and the row that is left is split, until it
   * stands alone. It is marked with the reason and tried again by the sweeper.
   */
  private async narrowDown(outboxIds: readonly string[], error: unknown, search: Search): Promise<number> {
    const parts = search.faultsLeft > 0 ? await this.halve(outboxIds) : [];
    if (parts.length === 0) {
      search.faultsLeft -= 1;
      await this.tries.setAside(outboxIds, error);
      return 0;
    }
    let followed = 0;
    for (const ids of parts) followed += await this.attributeNamed(ids, search);
    return followed;
  }

  private async halve(outboxIds: readonly string[]): Promise<string[][]> {
    if (outboxIds.length < 2) return this.splitRow(outboxIds);
    const middle = outboxIds.length >> 1;
    return [outboxIds.slice(0, middle), outboxIds.slice(middle)];
  }

  private async splitRow(outboxIds: readonly string[]): Promise<string[][]> {
    return this.transaction(async (tx) => {
      const [row] = await this.outbox.take(tx, outboxIds);
      const refs = factRefs.safeParse(row?.payload);
      const halves = refs.success ? splitRefs(refs.data) : undefined;
      if (!row || !halves) return [];
      const parts = halves.map((payload) => ({ payload, facts: countRefs(payload) }));
      return (await this.outbox.split(tx, row.id, parts)).map((id) => [id]);
    });
  }

  private async finishNamed(
    outboxIds: readonly string[],
    { mayReversalsWait }: { readonly mayReversalsWait: boolean },
  ): Promise<number> {
    return this.transaction(async (tx) => {
      await preferIndexes(tx);
      await lockRedeemersOf(tx, outboxIds);
      return this.finish(tx, await this.outbox.finish(tx, outboxIds), { held: [], mayReversalsWait });
    });
  }

  /** The rows are deleted in this very transaction, so either all of this happens or nothing. */
  private async finish(
    tx: Tx,
    rows: readonly OutboxRow[],
    { held, mayReversalsWait }: { readonly held: readonly string[]; readonly mayReversalsWait: boolean },
  ): Promise<number> {
    const refs = mergeRefs(rows.map((row) => factRefs.parse(row.payload)));
    // Rows from before there were shares name several redeemers and do not say so outside.
    const others = refs.map((one) => one.redeemerId).filter((id) => !held.includes(id));
    if (others.length > 0) await lockRedeemers(tx, others);
    const facts = refs.reduce(
      (sum, one) => sum + one.redemptions.length + one.reversals.length + one.receipts.length,
      0,
    );
    await planFor(tx, facts);
    for (const one of refs) {
      const { redeemerId, redemptions, reversals } = one;
      if (mayReversalsWait && (await this.waitingReversals.existFor(tx, redeemerId, redemptions, reversals)))
        throw new ReversalsWait(refs);
      await this.contributions.recompute(tx, one);
    }
    return facts;
  }

  private transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return retryTransaction(() => this.database.transaction(work));
  }
}

function toKeys({ redeemerId, redemptions, reversals }: RedeemerRefs) {
  const keys = (ids: readonly string[]) => ({ partnerIds: ids.map(() => redeemerId), ids });
  return { redemptions: keys(redemptions), reversals: keys(reversals) };
}
