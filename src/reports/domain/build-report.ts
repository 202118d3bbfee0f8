import type { IncomeBasis } from '../../campaigns/domain/campaign-terms.js';
import type { LocalPeriod } from '../../kernel/period.js';
import { computeFigures, type ReportFigures } from './compute-figures.js';
import { groupFacts, totalFacts } from './group-facts.js';
import type { GroupBy, GroupKey } from './groupings.js';
import { openScope } from './report-scope.js';
import type { ReportSource } from './report-source.js';

/** Every metric of a campaign in a period, and of each group when it was asked for by group. */
export interface CampaignReport {
  readonly campaignId: string;
  readonly period: LocalPeriod;
  readonly currency: string;
  readonly incomeBasis: IncomeBasis;
  readonly figures: ReportFigures;
  readonly groups?: readonly ReportGroup[];
}

export interface ReportGroup {
  readonly key: GroupKey;
  readonly label: string;
  readonly figures: ReportFigures;
}

export function buildReport(source: ReportSource, groupBy?: GroupBy): CampaignReport {
  const { campaignId, period, currency, incomeBasis } = source;
  const scope = openScope(source);
  const report = { campaignId, period, currency, incomeBasis, figures: computeFigures(totalFacts(scope)) };
  if (!groupBy) return report;
  const groups = groupFacts(scope, groupBy).map(({ facts, ...group }) => ({
    ...group,
    figures: computeFigures(facts),
  }));
  return { ...report, groups };
}
