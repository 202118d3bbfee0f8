import { Injectable } from '@nestjs/common';
import type { AskedPeriod } from '../campaigns/domain/report-period.js';
import { invalidRequest, notFound } from '../kernel/errors.js';
import type { LocalPeriod } from '../kernel/period.js';
import type { Principal } from '../platform/auth/principal.js';
import { DayRateCommands } from '../rates/day-rate.commands.js';
import { Database } from '../platform/database/database.js';
import type { Tx } from '../platform/database/tx.js';
import { CampaignReportReadModel } from './campaign-report.read-model.js';
import { type LoadedProfit, ReportProfitReadModel } from './report-profit.read-model.js';
import {
  buildReport,
  type CampaignReport,
  compareReports,
  isTooFine,
  MAX_GROUPS,
} from './domain/build-report.js';
import { missingRates } from './domain/missing-rates.js';
import { type ReportCut, resolveFilter } from './domain/report-cut.js';
import type { ReportSource } from './domain/report-source.js';
import { type ReportSubject, ReportSubjectReadModel, requirePeriod } from './report-subject.read-model.js';

export interface ReportQuestion extends ReportCut, AskedPeriod {
  /** A second period that the first is compared with. */
  readonly compare?: LocalPeriod | undefined;
}

@Injectable()
export class CampaignReportsService {
  constructor(
    private readonly database: Database,
    private readonly subjects: ReportSubjectReadModel,
    private readonly reports: CampaignReportReadModel,
    private readonly rates: DayRateCommands,
    private readonly profits: ReportProfitReadModel,
  ) {}

  /**
   * Throws `not-found` for a campaign the principal's partner takes no part in and for a filter that is not of this campaign,
   * `request.invalid` on a faulty period or on a grouping with too many groups.
   */
  async report(principal: Principal, campaignId: string, question: ReportQuestion): Promise<CampaignReport> {
    const { compare, ...cut } = question;
    const { first, second } = await this.settled(
      async (tx) => {
        const subject = await this.subjects.find(tx, principal, campaignId, question);
        const period = compare && requirePeriod(compare, compare, COMPARED);
        return {
          first: await this.load(tx, principal, subject, cut),
          second: period && (await this.load(tx, principal, { ...subject, period }, { ...cut, groupBy: [] })),
        };
      },
      ({ first, second }) => (second ? [first, second] : [first]),
    );
    const report = buildReport(await this.withProfit(first), cut);
    if (!second) return report;
    return compareReports(report, buildReport(await this.withProfit(second), { ...cut, groupBy: [] }));
  }

  /** The reports of several campaigns in one snapshot, each in its own currency and days. Throws as `report` does. */
  async compare(
    principal: Principal,
    campaignIds: readonly string[],
    asked: AskedPeriod,
  ): Promise<CampaignReport[]> {
    const sources = await this.settled(
      async (tx) => {
        const loaded: LoadedReport[] = [];
        for (const id of campaignIds) {
          const subject = await this.subjects.find(tx, principal, id, asked);
          loaded.push(await this.load(tx, principal, subject, {}));
        }
        return loaded;
      },
      (loaded) => loaded,
    );
    const reports: CampaignReport[] = [];
    for (const source of sources) reports.push(buildReport(await this.withProfit(source)));
    return reports;
  }

  /**
   * Reads in one snapshot. When that needs rates of channel-days or costs that nobody has asked for before, they are fixed and it is
   * read again: what a report says once it says for good.
   */
  private async settled<T>(
    read: (tx: Tx) => Promise<T>,
    sourcesOf: (found: T) => readonly LoadedReport[],
  ): Promise<T> {
    const found = await this.database.snapshot(read);
    const missing = sourcesOf(found).flatMap(({ source }) => missingRates(source));
    if (missing.length === 0) return found;
    const fixed = await this.database.transaction((tx) => this.rates.fix(tx, missing));
    return fixed.size > 0 ? this.database.snapshot(read) : found;
  }

  private async load(
    tx: Tx,
    principal: Principal,
    subject: ReportSubject,
    cut: ReportCut,
  ): Promise<LoadedReport> {
    const { campaign, period, asOf } = subject;
    const source = await this.reports.load(tx, campaign, { period, cut, asOf });
    if (!resolveFilter(source, cut.filter ?? {})) throw notFound();
    if (isTooFine(source, cut)) throw tooManyGroups();
    // Profit belongs to the whole: with a filter there is none.
    const isWhole = Object.values(cut.filter ?? {}).every((id) => id === undefined);
    return { source, profit: isWhole ? await this.profits.load(tx, principal, campaign, source) : null };
  }

  /** After the snapshot: measuring the uplift takes longer than a connection should be held. */
  private async withProfit({ source, profit }: LoadedReport): Promise<ReportSource> {
    return profit ? { ...source, profit: await this.profits.measure(profit, source.currency) } : source;
  }
}

interface LoadedReport {
  readonly source: ReportSource;
  readonly profit: LoadedProfit | null;
}

const COMPARED = { from: '/compareFrom', to: '/compareTo' };

function tooManyGroups(): Error {
  const detail = `makes more than ${MAX_GROUPS} groups; ask for fewer days, or filter`;
  return invalidRequest([{ pointer: '/groupBy', detail }]);
}
