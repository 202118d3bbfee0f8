import { Injectable } from '@nestjs/common';
import { CampaignReadModel } from '../campaigns/campaign.read-model.js';
import { invalidRequest, notFound } from '../kernel/errors.js';
import { localDate, type LocalPeriod } from '../kernel/period.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import { CampaignReportReadModel } from './campaign-report.read-model.js';
import { buildReport, type CampaignReport } from './domain/build-report.js';
import type { GroupBy } from './domain/groupings.js';
import { type AskedPeriod, resolvePeriod } from './domain/report-period.js';

export interface ReportQuestion extends AskedPeriod {
  readonly groupBy?: GroupBy | undefined;
}

@Injectable()
export class CampaignReportsService {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignReadModel,
    private readonly reports: CampaignReportReadModel,
  ) {}

  /** Throws `not-found` for a campaign the principal's partner takes no part in, `request.invalid` on a faulty period. */
  async report(principal: Principal, campaignId: string, question: ReportQuestion): Promise<CampaignReport> {
    const source = await this.database.snapshot(async (tx) => {
      const campaign = await this.campaigns.findVisible(tx, principal, campaignId);
      if (!campaign) throw notFound();
      const asOf = localDate(await this.reports.now(tx), campaign.timeZone);
      const period = periodOf(question, campaign.period);
      return this.reports.load(tx, campaign, { period, groupBy: question.groupBy, asOf });
    });
    return buildReport(source, question.groupBy);
  }
}

function periodOf(question: ReportQuestion, campaignPeriod: LocalPeriod): LocalPeriod {
  const outcome = resolvePeriod(question, campaignPeriod);
  if (outcome.kind === 'period') return outcome.period;
  throw invalidRequest([{ pointer: `/${outcome.field}`, detail: outcome.detail }]);
}
