import { Injectable } from '@nestjs/common';
import { parseRatio } from '../kernel/ratio.js';
import type { Tx } from '../platform/database/tx.js';
import type { Channel } from './domain/channel.js';
import { canRedeem, type ChannelKind } from './domain/channel-kind.js';

/** What other features may know of a partner. */
export interface PartnerSummary {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly industry: string | null;
  readonly priceSegment: string | null;
}

const CHANNEL_COLUMNS = `
  c.id, c.partner_id as "partnerId", c.kind, c.name, coalesce(c.time_zone, p.time_zone) as "timeZone",
  c.margin_rate as "marginRate"`;

/** Questions about partners and channels, for every feature above this one. */
@Injectable()
export class PartnerReadModel {
  /** The partners that exist among these ids, by id. */
  async findPartners(tx: Tx, ids: readonly string[]): Promise<Map<string, PartnerSummary>> {
    const rows = await tx.rows<PartnerSummary>(
      `select id, name, country, currency, time_zone as "timeZone", industry, price_segment as "priceSegment"
       from partners where id = any($1::uuid[]) order by id`,
      [ids],
    );
    return new Map(rows.map((row) => [row.id, row]));
  }

  /** The currency in which a partner's tills count; undefined when there is no such partner. */
  async partnerCurrency(tx: Tx, partnerId: string): Promise<string | undefined> {
    const row = await tx.row<{ currency: string }>('select currency from partners where id = $1', [
      partnerId,
    ]);
    return row?.currency;
  }

  /** One channel of this partner; undefined also when it is another partner's. */
  async channel(tx: Tx, partnerId: string, channelId: string): Promise<Channel | undefined> {
    const row = await tx.row<ChannelRow>(
      `select ${CHANNEL_COLUMNS}
       from channels c join partners p on p.id = c.partner_id
       where c.partner_id = $1 and c.id = $2`,
      [partnerId, channelId],
    );
    return row && toChannel(row);
  }

  /** Those of these channels that are this partner's, by id. */
  async findChannels(
    tx: Tx,
    partnerId: string,
    channelIds: readonly string[],
  ): Promise<Map<string, Channel>> {
    const rows = await tx.rows<ChannelRow>(
      `select ${CHANNEL_COLUMNS}
       from channels c join partners p on p.id = c.partner_id
       where c.partner_id = $1 and c.id = any($2::uuid[])`,
      [partnerId, channelIds],
    );
    return new Map(rows.map((row) => [row.id, toChannel(row)]));
  }

  /** All channels of these partners, in the order in which they were added. */
  async channelsOf(tx: Tx, partnerIds: readonly string[]): Promise<Channel[]> {
    const rows = await tx.rows<ChannelRow>(
      `select ${CHANNEL_COLUMNS}
       from channels c join partners p on p.id = c.partner_id
       where c.partner_id = any($1::uuid[])
       order by c.id`,
      [partnerIds],
    );
    return rows.map(toChannel);
  }
}

type ChannelRow = Omit<Channel, 'kind' | 'marginRate' | 'canRedeem'> & {
  readonly kind: ChannelKind;
  readonly marginRate: string | null;
};

function toChannel(row: ChannelRow): Channel {
  const marginRate = row.marginRate === null ? null : parseRatio(row.marginRate);
  return { ...row, marginRate, canRedeem: canRedeem(row.kind) };
}
