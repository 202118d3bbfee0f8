import { Injectable } from '@nestjs/common';
import { type CampaignForReport, CampaignReadModel } from '../campaigns/campaign.read-model.js';
import { type AskedPeriod, resolvePeriod } from '../campaigns/domain/report-period.js';
import { invalidRequest, notFound } from '../kernel/errors.js';
import { localDate, type LocalPeriod } from '../kernel/period.js';
import type { Principal } from '../platform/auth/principal.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { CampaignReportReadModel } from './campaign-report.read-model.js';
import {
  buildReport,
  type CampaignReport,
  compareReports,
  isTooFine,
  MAX_GROUPS,
} from './domain/build-report.js';
import { type ReportCut, resolveFilter } from './domain/report-cut.js';
import type { ReportSource } from './domain/report-source.js';

export interface ReportQuestion extends ReportCut, AskedPeriod {
  /** A second period that the first is compared with. */
  readonly compare?: LocalPeriod | undefined;
}

@Injectable()
export class CampaignReportsService {
  constructor(
    private readonly database: Database,
    private readonly campaigns: CampaignReadModel,
    private readonly reports: CampaignReportReadModel,
  ) {}

  /**
   * Throws `not-found` for a campaign the principal's partner takes no part in and for a filter that is not of this campaign,
   * `request.invalid` on a faulty period or on a grouping with too many groups.
   */
  async report(principal: Principal, campaignId: string, question: ReportQuestion): Promise<CampaignReport> {
    const { first, second } = await this.database.snapshot(async (tx) => {
      const campaign = await this.campaigns.findVisible(tx, principal, campaignId);
      if (!campaign) throw notFound();
      const { compare, ...cut } = question;
      return {
        first: await this.load(tx, campaign, periodOf(question, campaign.period), cut),
        second: compare && (await this.load(tx, campaign, comparedPeriod(compare), { ...cut, groupBy: [] })),
      };
    });
    const report = buildReport(first, question);
    return second ? compareReports(report, buildReport(second, { ...question, groupBy: [] })) : report;
  }

  /** The reports of several campaigns in one snapshot, each in its own currency and days. Throws as `report` does. */
  async compare(
    principal: Principal,
    campaignIds: readonly string[],
    asked: AskedPeriod,
  ): Promise<CampaignReport[]> {
    const sources = await this.database.snapshot(async (tx) => {
      const loaded: ReportSource[] = [];
      for (const id of campaignIds) {
        const campaign = await this.campaigns.findVisible(tx, principal, id);
        if (!campaign) throw notFound();
        loaded.push(await this.load(tx, campaign, periodOf(asked, campaign.period), {}));
      }
      return loaded;
    });
    return sources.map((source) => buildReport(source));
  }

  private async load(
    tx: Tx,
    campaign: CampaignForReport,
    period: LocalPeriod,
    cut: ReportCut,
  ): Promise<ReportSource> {
    const asOf = localDate(await this.reports.now(tx), campaign.timeZone);
    const source = await this.reports.load(tx, campaign, { period, cut, asOf });
    if (!resolveFilter(source, cut.filter ?? {})) throw notFound();
    if (isTooFine(source, cut)) throw tooManyGroups();
    return source;
  }
}

function periodOf(asked: AskedPeriod, campaignPeriod: LocalPeriod): LocalPeriod {
  const outcome = resolvePeriod(asked, campaignPeriod);
  if (outcome.kind === 'period') return outcome.period;
  throw invalidRequest([{ pointer: `/${outcome.field}`, detail: outcome.detail }]);
}

function comparedPeriod(compare: LocalPeriod): LocalPeriod {
  const outcome = resolvePeriod(compare, compare);
  if (outcome.kind === 'period') return outcome.period;
  const pointer = outcome.field === 'from' ? '/compareFrom' : '/compareTo';
  throw invalidRequest([{ pointer, detail: outcome.detail }]);
}

function tooManyGroups(): Error {
  const detail = `makes more than ${MAX_GROUPS} groups; ask for fewer days, or filter`;
  return invalidRequest([{ pointer: '/groupBy', detail }]);
}
