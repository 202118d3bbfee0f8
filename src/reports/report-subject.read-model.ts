import { Injectable } from '@nestjs/common';
import { type CampaignForReport, CampaignReadModel } from '../campaigns/campaign.read-model.js';
import { invalidRequest, notFound } from '../kernel/errors.js';
import { localDate, type LocalPeriod } from '../kernel/period.js';
import { namePartner } from '../partners/domain/name-partner.js';
import type { Principal } from '../platform/auth/principal.js';
import type { Tx } from '../platform/database/tx.js';
import { type AskedPeriod, resolvePeriod } from '../campaigns/domain/report-period.js';

/** What a report of any kind is about. */
export interface ReportSubject {
  readonly campaign: CampaignForReport;
  readonly period: LocalPeriod;
  /** Today in the campaign zone, by the clock of the database. */
  readonly asOf: string;
}

@Injectable()
export class ReportSubjectReadModel {
  constructor(private readonly campaigns: CampaignReadModel) {}

  /**
   * Throws `not-found` for a campaign the principal's partner takes no part in, `request.invalid` on a faulty period. Unset
   * bounds are those of the campaign.
   */
  async find(tx: Tx, principal: Principal, campaignId: string, asked: AskedPeriod): Promise<ReportSubject> {
    const campaign = await this.campaigns.findVisible(tx, principal, campaignId);
    if (!campaign) throw notFound();
    const period = requirePeriod(asked, campaign.period, { from: '/from', to: '/to' });
    return { campaign, period, asOf: localDate(await this.now(tx), campaign.timeZone) };
  }

  /** Epoch ms by the clock of the database: that of a process may be wrong, and all of them have to answer alike. */
  private async now(tx: Tx): Promise<number> {
    const row = await tx.row<{ now: string }>('select (extract(epoch from now()) * 1000)::bigint as now');
    return Number(row?.now);
  }
}

/**
 * The one partner whose own data is asked for. Throws `not-found` for a partner that is not the caller's or takes no part in the
 * campaign, `request.invalid` when the operator named none.
 */
export function requireParticipant(
  principal: Principal,
  { participants }: CampaignForReport,
  asked: string | undefined,
): string {
  const named = namePartner(principal.partnerId, asked);
  if (named.kind === 'unnamed')
    throw invalidRequest([{ pointer: '/partnerId', detail: 'is needed: say whose data you want' }]);
  if (named.kind === 'foreign') throw notFound();
  if (!participants.some(({ partnerId }) => partnerId === named.partnerId)) throw notFound();
  return named.partnerId;
}

/** Throws `request.invalid` that points at what is wrong with the period. */
export function requirePeriod(
  asked: AskedPeriod,
  campaignPeriod: LocalPeriod,
  pointers: Readonly<Record<keyof LocalPeriod, string>>,
): LocalPeriod {
  const outcome = resolvePeriod(asked, campaignPeriod);
  if (outcome.kind === 'period') return outcome.period;
  throw invalidRequest([{ pointer: pointers[outcome.field], detail: outcome.detail }]);
}
