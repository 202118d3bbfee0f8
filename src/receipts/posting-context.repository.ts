import { Injectable } from '@nestjs/common';
import { PartnerReadModel } from '../partners/partner.read-model.js';
import type { PartnerPrincipal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import type { PostingContext } from './domain/posting-context.js';

@Injectable()
export class PostingContextRepository {
  constructor(private readonly partners: PartnerReadModel) {}

  /** What the checks of a post for these channels need to know, in three statements however many channels there are. */
  async find(tx: Tx, principal: PartnerPrincipal, channelIds: readonly string[]): Promise<PostingContext> {
    const { partnerId, channelId: boundChannelId } = principal;
    const currency = await this.partners.partnerCurrency(tx, partnerId);
    if (currency === undefined)
      throw new Error(`a key was accepted for partner ${partnerId}, which does not exist`);
    const channels = await this.partners.findChannels(tx, partnerId, channelIds);
    const timeZones = new Map(Array.from(channels.values(), ({ id, timeZone }) => [id, timeZone]));
    return { boundChannelId, currency, now: await databaseClock(tx), timeZones };
  }
}

/** Epoch ms, start of the transaction. */
async function databaseClock(tx: Tx): Promise<number> {
  const [row] = await tx.rows<{ now: Date }>('select now() as now');
  if (!row) throw new Error('the database has no clock');
  return row.now.getTime();
}
