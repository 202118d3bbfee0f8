import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';

/** Where codes are handed out; without a channel and with an empty label it is the offer's default placement. */
export interface PlacementName {
  readonly channelId: string | null;
  readonly label: string;
}
export interface Placement extends PlacementName {
  readonly id: string;
}

export interface ListedPlacement extends Placement {
  readonly createdAt: Date;
}

export const DEFAULT_PLACEMENT: PlacementName = { channelId: null, label: '' };

@Injectable()
export class PlacementRepository {
  /** The placement of that name, made when it is new. Of two that make it at once the second waits and finds it. */
  async findOrCreate(tx: Tx, newId: string, offerId: string, name: PlacementName): Promise<Placement> {
    const found = await this.find(tx, offerId, name);
    if (found) return found;
    await tx.execute(
      `insert into placements (id, offer_id, channel_id, label) values ($1, $2, $3, $4)
       on conflict (offer_id, channel_id, label) do nothing`,
      [newId, offerId, name.channelId, name.label],
    );
    return (await this.find(tx, offerId, name)) ?? { ...name, id: newId };
  }

  /** The placements of an offer in their order. */
  async list(tx: Tx, offerId: string, page: PageRequest): Promise<Page<ListedPlacement>> {
    const rows = await tx.rows<ListedPlacement>(
      `select p.id, p.channel_id as "channelId", p.label, p.created_at as "createdAt" from placements p
        where p.offer_id = $1 and ($2::uuid is null or p.id > $2) order by p.id limit $3`,
      [offerId, page.after, page.limit + 1],
    );
    return toPage(rows, page.limit, (row) => row);
  }

  private async find(tx: Tx, offerId: string, name: PlacementName): Promise<Placement | undefined> {
    const row = await tx.row<{ id: string }>(
      `select p.id from placements p
        where p.offer_id = $1 and p.channel_id is not distinct from $2 and p.label = $3`,
      [offerId, name.channelId, name.label],
    );
    return row && { ...name, id: row.id };
  }
}
