import { Injectable } from '@nestjs/common';
import { RollupReadModel } from '../attribution/rollup.read-model.js';
import type { LocalPeriod } from '../kernel/period.js';
import { PartnerReadModel } from '../partners/partner.read-model.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import type { AskedPeriod } from '../campaigns/domain/report-period.js';
import { ReportSubjectReadModel, requireParticipant } from '../reports/report-subject.read-model.js';
import { rankClerks, type StaffRanking, type WithoutRate } from './domain/rank-clerks.js';

export interface StaffQuestion extends AskedPeriod {
  /** Whose clerks; only the operator has to say. */
  readonly partnerId?: string | undefined;
}

export interface StaffReport extends StaffRanking {
  readonly campaignId: string;
  readonly partnerId: string;
  readonly from: string;
  readonly to: string;
  readonly currency: string;
}

@Injectable()
export class StaffService {
  constructor(
    private readonly database: Database,
    private readonly subjects: ReportSubjectReadModel,
    private readonly rollups: RollupReadModel,
    private readonly partners: PartnerReadModel,
  ) {}

  /** The caller's own clerks. Throws `not-found` for a campaign of others and for another partner's clerks. */
  async ofPartner(principal: Principal, campaignId: string, question: StaffQuestion): Promise<StaffReport> {
    return this.database.snapshot(async (tx) => {
      const { campaign, period } = await this.subjects.find(tx, principal, campaignId, question);
      const partnerId = requireParticipant(principal, campaign, question.partnerId);
      const work = await this.rollups.clerks(tx, partnerId, campaignId, period);
      const channels = await this.partners.channelsOf(tx, [partnerId]);
      const names = new Map(channels.map(({ id, name }) => [id, name]));
      return {
        ...{ campaignId, partnerId, ...period, currency: campaign.currency },
        ...rankClerks(
          work,
          names,
          campaign.currency,
          await this.withoutRate(tx, partnerId, campaignId, period),
        ),
      };
    });
  }

  private async withoutRate(
    tx: Tx,
    partnerId: string,
    campaignId: string,
    { from, to }: LocalPeriod,
  ): Promise<WithoutRate> {
    const days = await this.rollups.campaignDays(tx, campaignId, from, to);
    const own = days.filter(({ redeemerPartnerId }) => redeemerPartnerId === partnerId);
    return {
      redemptions: own.reduce((sum, { unconverted }) => sum + unconverted, 0n),
      refusals: own.reduce((sum, { unconvertedLeakage }) => sum + unconvertedLeakage, 0n),
    };
  }
}
