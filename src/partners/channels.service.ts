import { Injectable } from '@nestjs/common';
import { conflict, notFound } from '../kernel/errors.js';
import type { Principal } from '../platform/auth/principal.js';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { type Page, type PageRequest, toPage } from '../platform/http/page.js';
import { type ChannelRecord, ChannelRepository, type NewChannel } from './channel.repository.js';
import { assertMaySee } from './partner-access.js';
import { PartnerRepository } from './partner.repository.js';

@Injectable()
export class ChannelsService {
  constructor(
    private readonly database: Database,
    private readonly partners: PartnerRepository,
    private readonly channels: ChannelRepository,
    private readonly clock: Clock,
  ) {}

  async add(principal: Principal, partnerId: string, channel: NewChannel): Promise<ChannelRecord> {
    assertMaySee(principal, partnerId);
    return this.database.transaction(async (tx) => {
      await this.assertPartnerExists(tx, partnerId);
      const added = await this.channels.add(tx, partnerId, this.clock.newId(), channel);
      return added ?? this.refuseClash(tx, partnerId, channel.externalRef ?? '');
    });
  }

  async list(principal: Principal, partnerId: string, page: PageRequest): Promise<Page<ChannelRecord>> {
    assertMaySee(principal, partnerId);
    const rows = await this.database.read(async (tx) => {
      await this.assertPartnerExists(tx, partnerId);
      return this.channels.list(tx, partnerId, page);
    });
    return toPage(rows, page.limit, (channel) => channel);
  }

  private async assertPartnerExists(tx: Tx, partnerId: string): Promise<void> {
    if (!(await this.partners.find(tx, partnerId))) throw notFound();
  }

  private async refuseClash(tx: Tx, partnerId: string, externalRef: string): Promise<never> {
    const other = await this.channels.findByExternalRef(tx, partnerId, externalRef);
    const detail = `The channel "${other?.name ?? ''}" already has the external reference "${externalRef}".`;
    throw conflict('channel.external-ref-taken', detail, { channelId: other?.id });
  }
}
