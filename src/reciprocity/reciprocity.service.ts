import { Injectable } from '@nestjs/common';
import { RollupReadModel } from '../attribution/rollup.read-model.js';
import { PartnerReadModel } from '../partners/partner.read-model.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import type { AskedPeriod } from '../campaigns/domain/report-period.js';
import { type ReportSubject, ReportSubjectReadModel } from '../reports/report-subject.read-model.js';
import { buildReciprocity, type Reciprocity } from './domain/build-reciprocity.js';
import type { ReciprocitySource } from './domain/reciprocity-source.js';

@Injectable()
export class ReciprocityService {
  constructor(
    private readonly database: Database,
    private readonly subjects: ReportSubjectReadModel,
    private readonly rollups: RollupReadModel,
    private readonly partners: PartnerReadModel,
  ) {}

  /** Throws `not-found` for a campaign of others, `request.invalid` on a faulty period. */
  async exchange(principal: Principal, campaignId: string, asked: AskedPeriod): Promise<Reciprocity> {
    const source = await this.database.snapshot(async (tx) =>
      this.load(tx, await this.subjects.find(tx, principal, campaignId, asked)),
    );
    return buildReciprocity(source);
  }

  /** Reads rollups only: what it costs grows with channels and days, not with redemptions. */
  private async load(tx: Tx, { campaign, period }: ReportSubject): Promise<ReciprocitySource> {
    const { id, currency, offers, participants, reciprocityTolerance: tolerance } = campaign;
    const { from, to } = period;
    const ids = participants.map(({ partnerId }) => partnerId);
    const partners = await this.partners.findPartners(tx, ids);
    return {
      ...{ campaignId: id, currency, period, tolerance, offers },
      cells: await this.rollups.campaignDays(tx, id, from, to),
      customers: await this.rollups.pairDays(tx, id, from, to),
      receipts: await this.rollups.receiptDays(tx, id, 'issuer', from, to),
      partnerNames: new Map([...partners.values()].map((partner) => [partner.id, partner.name])),
    };
  }
}
