import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { PageRequest } from '../platform/http/page.js';
import { IS_WRONG_CLOCK } from './channel-clock.sql.js';
import type { ChannelKind } from './domain/channel-kind.js';

/** A channel as its own partner sees it. */
export interface ChannelRecord {
  readonly id: string;
  readonly partnerId: string;
  readonly kind: ChannelKind;
  readonly name: string;
  readonly externalRef: string | null;
  /** The channel's own zone, or its partner's when it has none. */
  readonly timeZone: string;
  /** A decimal with six places, as PostgreSQL writes it. */
  readonly marginRate: string | null;
  readonly createdAt: Date;
  /** How far the till's clock is ahead of ours, negative when behind; null when it is fine or nobody knows. A bigint as text. */
  readonly clockSkewSeconds: string | null;
  readonly clockSkewSeenAt: Date | null;
}

export interface NewChannel {
  readonly kind: ChannelKind;
  readonly name: string;
  readonly externalRef: string | null;
  readonly timeZone: string | null;
  readonly marginRate: string | null;
}

const COLUMNS = `
  c.id, c.partner_id as "partnerId", c.kind, c.name, c.external_ref as "externalRef",
  coalesce(c.time_zone, p.time_zone) as "timeZone", c.margin_rate as "marginRate", c.created_at as "createdAt",
  (k.skew_ms / 1000) as "clockSkewSeconds", k.seen_at as "clockSkewSeenAt"`;

const WITH_PARTNER_AND_CLOCK = `
  join partners p on p.id = c.partner_id
  left join channel_clocks k on k.redeemer_partner_id = c.partner_id and k.channel_id = c.id and ${IS_WRONG_CLOCK}`;

@Injectable()
export class ChannelRepository {
  /** Adds a channel; undefined when its external reference is taken at this partner. */
  async add(tx: Tx, partnerId: string, id: string, channel: NewChannel): Promise<ChannelRecord | undefined> {
    // "do nothing" rather than an error: the transaction stays usable, so that the answer can name the clash.
    return tx.row<ChannelRecord>(
      `with c as (
         insert into channels (id, partner_id, kind, name, external_ref, time_zone, margin_rate)
         values ($1, $2, $3, $4, $5, $6, $7)
         on conflict (partner_id, external_ref) do nothing
         returning *)
       select ${COLUMNS} from c ${WITH_PARTNER_AND_CLOCK}`,
      [id, partnerId, channel.kind, channel.name, channel.externalRef, channel.timeZone, channel.marginRate],
    );
  }

  async findByExternalRef(
    tx: Tx,
    partnerId: string,
    externalRef: string,
  ): Promise<ChannelRecord | undefined> {
    return tx.row<ChannelRecord>(
      `select ${COLUMNS} from channels c ${WITH_PARTNER_AND_CLOCK}
       where c.partner_id = $1 and c.external_ref = $2`,
      [partnerId, externalRef],
    );
  }

  /** One row more than the page shows, in the order in which channels were added. */
  async list(tx: Tx, partnerId: string, page: PageRequest): Promise<ChannelRecord[]> {
    return tx.rows<ChannelRecord>(
      `select ${COLUMNS} from channels c ${WITH_PARTNER_AND_CLOCK}
       where c.partner_id = $1 and ($2::uuid is null or c.id > $2)
       order by c.id limit $3`,
      [partnerId, page.after, page.limit + 1],
    );
  }
}
