import type { IncomeBasis } from '../../campaigns/domain/campaign-terms.js';
import type { LocalPeriod } from '../../kernel/period.js';
import { compareFigures, type FigureDifferences } from './compare-figures.js';
import { computeFigures, type ReportFigures } from './compute-figures.js';
import type { GroupBy, GroupKey } from './dimensions.js';
import { groupFacts, hasMoreGroups, totalFacts } from './group-facts.js';
import type { ReportCut } from './report-cut.js';
import { listUsedRates, type UsedRate } from './list-used-rates.js';
import { openScope } from './report-scope.js';
import type { ReportSource } from './report-source.js';

/** Every metric of a campaign in a period, and of each group when it was asked for by group. */
export interface CampaignReport {
  readonly campaignId: string;
  readonly period: LocalPeriod;
  readonly currency: string;
  readonly incomeBasis: IncomeBasis;
  readonly figures: ReportFigures;
  /** At which amounts of other currencies were converted; there when there are any. */
  readonly rates?: readonly UsedRate[];
  readonly groupBy?: readonly GroupBy[];
  readonly groups?: readonly ReportGroup[];
  readonly comparison?: ReportComparison;
}

/** The same campaign in another period, and by how much each figure of the report is larger. */
export interface ReportComparison {
  readonly period: LocalPeriod;
  readonly figures: ReportFigures;
  readonly differences: FigureDifferences;
}

export interface ReportGroup {
  readonly key: GroupKey;
  readonly label: string;
  readonly figures: ReportFigures;
}

/** Ten years of days are that many; all figures of so many groups are some ten megabytes. */
export const MAX_GROUPS = 4000;

/** The source must have been read for this very cut, since the filter and the groups decide which receipts are in it. */
export function buildReport(source: ReportSource, cut: ReportCut = {}): CampaignReport {
  const { campaignId, period, currency, incomeBasis } = source;
  const { groupBy = [] } = cut;
  const scope = openScope(source, cut);
  const rates = listUsedRates(scope);
  const report = {
    ...{ campaignId, period, currency, incomeBasis, figures: computeFigures(totalFacts(scope)) },
    ...(rates.length > 0 && { rates }),
  };
  if (groupBy.length === 0) return report;
  const groups = groupFacts(scope, groupBy).map(({ facts, ...group }) => ({
    ...group,
    figures: computeFigures(facts),
  }));
  return { ...report, groupBy, groups };
}

/** The report beside that of another period, which must be of the same campaign and filter. */
export function compareReports(report: CampaignReport, { period, figures }: CampaignReport): CampaignReport {
  return {
    ...report,
    comparison: { period, figures, differences: compareFigures(report.figures, figures) },
  };
}

/** Whether the cut asks for more groups than an answer should have. */
export function isTooFine(source: ReportSource, cut: ReportCut): boolean {
  return hasMoreGroups(openScope(source, cut), cut.groupBy ?? [], MAX_GROUPS);
}
