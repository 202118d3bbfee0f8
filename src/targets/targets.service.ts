import { Injectable } from '@nestjs/common';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { CampaignReportReadModel } from '../reports/campaign-report.read-model.js';
import { ReportSubjectReadModel } from '../reports/report-subject.read-model.js';
import { type TargetProgress, trackTargets } from './domain/track-targets.js';

export interface TargetReport extends TargetProgress {
  readonly campaignId: string;
  readonly from: string;
  readonly to: string;
  /** Today in the campaign zone. */
  readonly asOf: string;
  readonly currency: string;
}

@Injectable()
export class TargetsService {
  constructor(
    private readonly database: Database,
    private readonly subjects: ReportSubjectReadModel,
    private readonly reports: CampaignReportReadModel,
  ) {}

  /** The targets of the terms in force, of the proposed ones in a draft. Throws `not-found` for a campaign of others. */
  async progress(principal: Principal, campaignId: string): Promise<TargetReport> {
    const { subject, source } = await this.database.snapshot(async (tx) => {
      const found = await this.subjects.find(tx, principal, campaignId, {});
      const request = { period: found.period, cut: {}, asOf: found.asOf };
      return { subject: found, source: await this.reports.load(tx, found.campaign, request) };
    });
    const { campaign, period, asOf } = subject;
    return {
      ...{ campaignId, ...period, asOf, currency: campaign.currency },
      ...trackTargets(source, campaign.targets),
    };
  }
}
