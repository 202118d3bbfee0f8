import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { IS_WRONG_CLOCK } from './channel-clock.sql.js';
import type { ClockSighting } from './domain/clock-window.js';

export interface ChannelKey {
  readonly partnerId: string;
  readonly channelId: string;
}

/** A channel whose clock is wrong by what is known now. */
export interface WrongClock extends ChannelKey {
  readonly skewMs: number;
}

/** Keeps what posts say about the clocks of tills. */
@Injectable()
export class ChannelClockCommands {
  /**
   * Adds sightings to what was seen before, in one statement, and answers the channels of them whose clocks are wrong by now. What may
   * only be late does not replace what was ahead for certain within a day.
   */
  async record(tx: Tx, sightings: readonly (ChannelKey & ClockSighting)[]): Promise<WrongClock[]> {
    if (sightings.length === 0) return [];
    const rows = await tx.rows<ChannelKey & { skewMs: string; isWrong: boolean }>(RECORD, [
      ...arrays(sightings),
      sightings.map((one) => one.skewMs),
      sightings.map((one) => one.posts),
      sightings.map((one) => new Date(one.since).toISOString()),
      sightings.map((one) => new Date(one.seenAt).toISOString()),
    ]);
    return rows
      .filter(({ isWrong }) => isWrong)
      .map(({ isWrong: _, ...row }) => ({ ...row, skewMs: Number(row.skewMs) }));
  }

  /** Forgets that these channels looked as if they were behind: something came from them on time. */
  async clear(tx: Tx, channels: readonly ChannelKey[]): Promise<void> {
    if (channels.length === 0) return;
    await tx.execute(
      `delete from channel_clocks k using unnest($1::uuid[], $2::uuid[]) as seen (partner_id, channel_id)
        where k.redeemer_partner_id = seen.partner_id and k.channel_id = seen.channel_id and k.skew_ms < 0`,
      arrays(channels),
    );
  }

  /** How many clocks are wrong at the moment. */
  async countWrong(tx: Tx): Promise<number> {
    const row = await tx.row<{ clocks: string }>(
      `select count(*) as clocks from channel_clocks k where ${IS_WRONG_CLOCK}`,
    );
    return Number(row?.clocks);
  }
}

function arrays(channels: readonly ChannelKey[]): [string[], string[]] {
  return [channels.map((one) => one.partnerId), channels.map((one) => one.channelId)];
}

// Sorted, so that two processes that saw the same channels do not deadlock.
const RECORD = `
  insert into channel_clocks as k (redeemer_partner_id, channel_id, skew_ms, posts, since, seen_at)
  select seen.* from unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[])
         as seen (partner_id, channel_id, skew_ms, posts, since, seen_at)
   order by 1, 2
      on conflict (redeemer_partner_id, channel_id) do update
     set (skew_ms, posts, since, seen_at) = (
           select case when goes_on and k.skew_ms < 0 then greatest(k.skew_ms, excluded.skew_ms) else excluded.skew_ms end,
                  case when goes_on then k.posts + excluded.posts else excluded.posts end,
                  case when goes_on then least(k.since, excluded.since) else excluded.since end,
                  greatest(k.seen_at, excluded.seen_at)
             from (select sign(k.skew_ms) = sign(excluded.skew_ms)
                          and k.seen_at > excluded.since - interval '1 day' as goes_on) as run)
   where k.skew_ms < 0 or excluded.skew_ms > 0 or k.seen_at < excluded.seen_at - interval '1 day'
  returning k.redeemer_partner_id as "partnerId", k.channel_id as "channelId", k.skew_ms as "skewMs",
            ${IS_WRONG_CLOCK} as "isWrong"`;
