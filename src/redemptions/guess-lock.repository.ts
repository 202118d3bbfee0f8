import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';
import type { GuessMeter } from './domain/guess-meter.js';
import { GUESS_LOCKS_CHANGED, type GuessLockChange, toPayload } from './guess-lock-notifications.js';

/** Whose guesses are counted together: those of one key at one channel. */
export interface Guesser {
  readonly redeemerPartnerId: string;
  readonly keyId: string;
  readonly channelId: string;
}

/** A guesser's meter and the database's clock, epoch ms, both at the moment at which the row was locked. */
export interface LockedMeter extends Guesser {
  readonly meter: GuessMeter;
  readonly now: number;
}

/** A lock that holds, for people. */
export interface GuessLock {
  readonly id: string;
  readonly keyId: string;
  readonly channelId: string;
  readonly lockedUntil: Date;
  readonly locksInRow: number;
  readonly lastFailureAt: Date;
}

@Injectable()
export class GuessLockRepository {
  /**
   * The meters of these guessers, each given once, made when there is none and locked until the transaction ends. Sorted, so
   * that two processes wait for each other instead of deadlocking.
   */
  async lockMeters(tx: Tx, guessers: readonly (Guesser & { readonly id: string })[]): Promise<LockedMeter[]> {
    const rows = await tx.prepared<MeterRow>('guess_locks_lock_meters', LOCK_METERS, [
      guessers.map((one) => one.redeemerPartnerId),
      guessers.map((one) => one.keyId),
      guessers.map((one) => one.channelId),
      guessers.map((one) => one.id),
    ]);
    return rows.map(toLockedMeter);
  }

  /** Stores what the meters have become and tells every process of the locks that were made or changed. */
  async store(
    tx: Tx,
    meters: readonly (Guesser & { readonly meter: GuessMeter })[],
    changes: readonly GuessLockChange[],
  ): Promise<void> {
    await tx.prepared('guess_locks_store', STORE, [
      meters.map((one) => one.redeemerPartnerId),
      meters.map((one) => one.keyId),
      meters.map((one) => one.channelId),
      meters.map(({ meter }) => meter.debt),
      meters.map(({ meter }) => new Date(meter.measuredAt)),
      meters.map(({ meter }) => meter.locksInRow),
      meters.map(({ meter: { lockedUntil } }) => (lockedUntil === null ? null : new Date(lockedUntil))),
      GUESS_LOCKS_CHANGED,
      changes.map(toPayload),
    ]);
  }

  /** All locks that hold now, with what is left of them. */
  async holding(tx: Tx): Promise<GuessLockChange[]> {
    const rows = await tx.rows<Omit<GuessLockChange, 'remainingMs'> & { remainingMs: string }>(
      `select g.api_key_id as "keyId", g.channel_id as "channelId",
              ceil(extract(epoch from g.locked_until - now()) * 1000)::bigint as "remainingMs"
         from guess_locks g where g.locked_until > now()`,
    );
    return rows.map((row) => ({ ...row, remainingMs: Number(row.remainingMs) }));
  }

  /** The locks of a partner that hold now, oldest guesser first. */
  async list(tx: Tx, redeemerPartnerId: string, page: PageRequest): Promise<Page<GuessLock>> {
    const rows = await tx.rows<GuessLock>(
      `select g.id, g.api_key_id as "keyId", g.channel_id as "channelId", g.locked_until as "lockedUntil",
              g.locks_in_row as "locksInRow", g.measured_at as "lastFailureAt"
         from guess_locks g
        where g.redeemer_partner_id = $1 and g.locked_until > now() and ($2::uuid is null or g.id > $2)
        order by g.id limit $3`,
      [redeemerPartnerId, page.after, page.limit + 1],
    );
    return toPage(rows, page.limit, (row) => row);
  }

  /** Forgets all guesses of a guesser in every process at once; false when the partner has no such row. */
  async lift(tx: Tx, redeemerPartnerId: string, id: string): Promise<boolean> {
    const lifted = await tx.rows(
      `with lifted as (
         delete from guess_locks g where g.redeemer_partner_id = $1 and g.id = $2
         returning g.api_key_id, g.channel_id)
       select pg_notify($3, l.api_key_id || '/' || l.channel_id || '/0') from lifted l`,
      [redeemerPartnerId, id, GUESS_LOCKS_CHANGED],
    );
    return lifted.length > 0;
  }
}

// The update changes nothing: it locks the row and answers it, in the one statement that also makes a missing one.
const LOCK_METERS = `
  insert into guess_locks as g (redeemer_partner_id, api_key_id, channel_id, id)
  select k.redeemer_partner_id, k.api_key_id, k.channel_id, k.id
    from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[]) as k (redeemer_partner_id, api_key_id, channel_id, id)
   order by 1, 2, 3
      on conflict (redeemer_partner_id, api_key_id, channel_id) do update set debt = g.debt
  returning g.redeemer_partner_id as "redeemerPartnerId", g.api_key_id as "keyId", g.channel_id as "channelId", g.debt,
            g.measured_at as "measuredAt", g.locks_in_row as "locksInRow", g.locked_until as "lockedUntil",
            clock_timestamp() as now`;

const STORE = `
  with stored as (
    update guess_locks g
       set debt = k.debt, measured_at = k.measured_at, locks_in_row = k.locks_in_row, locked_until = k.locked_until
      from unnest($1::uuid[], $2::text[], $3::uuid[], $4::float8[], $5::timestamptz[], $6::integer[], $7::timestamptz[])
           as k (redeemer_partner_id, api_key_id, channel_id, debt, measured_at, locks_in_row, locked_until)
     where g.redeemer_partner_id = k.redeemer_partner_id and g.api_key_id = k.api_key_id and g.channel_id = k.channel_id)
  select pg_notify($8, c.payload) from unnest($9::text[]) as c (payload)`;

interface MeterRow extends Guesser {
  readonly debt: number;
  readonly measuredAt: Date;
  readonly locksInRow: number;
  readonly lockedUntil: Date | null;
  readonly now: Date;
}

function toLockedMeter({
  debt,
  measuredAt,
  locksInRow,
  lockedUntil,
  now,
  ...guesser
}: MeterRow): LockedMeter {
  const meter = {
    debt,
    measuredAt: measuredAt.getTime(),
    locksInRow,
    lockedUntil: lockedUntil?.getTime() ?? null,
  };
  return { ...guesser, meter, now: now.getTime() };
}
