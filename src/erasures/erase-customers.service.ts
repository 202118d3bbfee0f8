import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ContributionCommands } from '../attribution/contribution.commands.js';
import { Database } from '../platform/database/database.js';
import { retryTransaction } from '../platform/database/retry-transaction.js';
import type { Tx } from '../platform/database/tx.js';
import { Outbox } from '../platform/outbox/outbox.js';
import { erasureRef } from './erase-customers.job.js';
import { ErasedRowsRepository, type MatchReplacement } from './erased-rows.repository.js';
import { type ErasedRows, type Erasure, type ErasureLink, ErasureRepository } from './erasure.repository.js';

/** Rows of a table in one transaction: nearly every customer has fewer, and tills wait for some hundredths of a second. */
const ROWS_PER_CHUNK = 1_000;
const POLL_MS = 50;

/** What a chunk came to: `moved` rows of all partners. */
interface Chunk {
  readonly moved: number;
  readonly rows: ErasedRows;
}

const NOTHING: ErasedRows = { redemptions: 0, receipts: 0, issuances: 0, reservations: 0, touches: 0 };

/** Replaces the ids that lead to a customer by random ones that lead nowhere. */
@Injectable()
export class EraseCustomersService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly erasures: ErasureRepository,
    private readonly erased: ErasedRowsRepository,
    private readonly contributions: ContributionCommands,
  ) {}

  /**
   * Does the erasure that an outbox row names, chunk by chunk; each commits, so it goes on where the last one ended, whoever did it.
   * When nothing is left, it waits for the transactions that were under way and looks again: what tills were posting
   * meanwhile is found too. Stops early when `signal` says so or another worker has taken over; the row then stays.
   */
  async erase(outboxId: string, signal: AbortSignal): Promise<void> {
    if (!(await this.eraseAll(outboxId, signal, false))) return;
    if (!(await this.othersHaveEnded(signal))) return;
    await this.eraseAll(outboxId, signal, true);
  }

  /** Whether nothing is left; with `isLast` the erasure is then finished. */
  private async eraseAll(outboxId: string, signal: AbortSignal, isLast: boolean): Promise<boolean> {
    while (!signal.aborted) {
      const moved = await retryTransaction(() =>
        this.database.transaction((tx) => this.eraseSome(tx, outboxId, isLast)),
      );
      if (moved === undefined) return false;
      if (moved === 0) return true;
    }
    return false;
  }

  /** How many rows were changed; undefined when there is nothing to do here: it is done, or another worker is at it. */
  private async eraseSome(tx: Tx, outboxId: string, isLast: boolean): Promise<number | undefined> {
    const [row] = await this.outbox.take(tx, [outboxId]);
    if (!row) return undefined;
    const erasure = await this.erasures.lock(tx, erasureRef.parse(row.payload).erasureId);
    if (!erasure || erasure.finishedAt) {
      await this.outbox.done(tx, [outboxId]);
      return undefined;
    }
    const chunk = await this.chunk(tx, erasure);
    await this.erasures.count(tx, erasure.id, chunk.rows);
    if (chunk.moved === 0 && isLast) {
      await this.erasures.finish(tx, erasure.id);
      await this.outbox.done(tx, [outboxId]);
    }
    return chunk.moved;
  }

  /** Match ids first and by themselves: their rows are locked in no order, and nobody who holds counters should wait for them. */
  private async chunk(tx: Tx, { id, partnerId }: Erasure): Promise<Chunk> {
    const links = await this.erasures.links(tx, id);
    const matches = await this.eraseMatches(tx, partnerId, links.filter(isMatch));
    if (matches.moved > 0) return matches;
    await this.contributions.lock(tx, partnerId);
    let sum: Chunk = { moved: 0, rows: NOTHING };
    for (const link of links) {
      if (isMatch(link)) continue;
      const part = await this.eraseCustomer(tx, partnerId, link);
      sum = { moved: sum.moved + part.moved, rows: add(sum.rows, part.rows) };
    }
    return sum;
  }

  private async eraseCustomer(tx: Tx, partnerId: string, link: ErasureLink): Promise<Chunk> {
    const redemptions = await this.erased.lockRedemptions(tx, partnerId, link.oldId, ROWS_PER_CHUNK);
    if (redemptions.length > 0) {
      await this.erased.moveUses(tx, partnerId, redemptions, link);
      await this.erased.renameRedemptions(tx, partnerId, redemptions, link.newId);
    }
    const receipts = await this.erased.moveReceipts(tx, partnerId, link, ROWS_PER_CHUNK);
    const isMore = Math.max(redemptions.length, receipts.length) >= ROWS_PER_CHUNK;
    // Not before all of them have the new id: a part of a customer's history looks like another customer.
    if (!isMore) await this.contributions.renameCustomer(tx, partnerId, link, { redemptions, receipts });
    const rows = {
      redemptions: redemptions.length,
      receipts: receipts.length,
      issuances: await this.erased.moveIssuances(tx, partnerId, link, ROWS_PER_CHUNK),
      reservations: await this.erased.moveReservations(tx, partnerId, link, ROWS_PER_CHUNK),
      touches: 0,
    };
    const linked = await this.erased.moveHoldOutLinks(tx, partnerId, link);
    const { redemptions: redeemed, receipts: bought, issuances, reservations } = rows;
    return { moved: redeemed + bought + issuances + reservations + linked, rows };
  }

  /** Match ids are the campaign's, so those of the other participants go too; counted are the partner's own rows. */
  private async eraseMatches(
    tx: Tx,
    partnerId: string,
    matches: readonly MatchReplacement[],
  ): Promise<Chunk> {
    if (matches.length === 0) return { moved: 0, rows: NOTHING };
    const moved = await this.erased.moveMatches(tx, matches, ROWS_PER_CHUNK);
    const touches = await this.erased.moveTouches(tx, partnerId, matches, ROWS_PER_CHUNK);
    return { moved: moved + touches.all, rows: { ...NOTHING, touches: touches.own } };
  }

  /** Waits until every transaction that is under way now has ended; false when we have to stop first. */
  private async othersHaveEnded(signal: AbortSignal): Promise<boolean> {
    const latest = await this.database.read((tx) => this.erasures.latestTransaction(tx));
    while (!signal.aborted) {
      if (await this.database.read((tx) => this.erasures.haveAllEnded(tx, latest))) return true;
      await sleep(POLL_MS);
    }
    return false;
  }
}

function isMatch(link: ErasureLink): link is ErasureLink & MatchReplacement {
  return link.campaignId !== null;
}

function add(a: ErasedRows, b: ErasedRows): ErasedRows {
  return {
    redemptions: a.redemptions + b.redemptions,
    receipts: a.receipts + b.receipts,
    issuances: a.issuances + b.issuances,
    reservations: a.reservations + b.reservations,
    touches: a.touches + b.touches,
  };
}
