import type { Agreement } from './agreement.js';
import { type CampaignProgress, campaignStatus, type CampaignStatus } from './campaign-status.js';

/** One partner's consent to one version. */
export interface Approval {
  readonly partnerId: string;
  readonly version: number;
  readonly approvedAt: number;
}

/** A campaign without its offers, as it stood at `readAt`. Instants are epoch ms of the database clock. */
export interface CampaignSummary extends CampaignProgress {
  readonly id: string;
  /** Null when the operator leads. */
  readonly leadPartnerId: string | null;
  /** Counts every change. */
  readonly revision: number;
  readonly latestVersion: number;
  /** The newest version that every participant approved; null in a draft. */
  readonly effectiveVersion: number | null;
  /** The latest version, approved or not. */
  readonly agreement: Omit<Agreement, 'offers'>;
  readonly approvals: readonly Approval[];
  readonly createdAt: number;
  readonly readAt: number;
}

export interface Campaign extends CampaignSummary {
  readonly agreement: Agreement;
}

/** The status when the campaign was read. */
export function statusOf(campaign: CampaignSummary): CampaignStatus {
  return campaignStatus(campaign, campaign.readAt);
}

/** The version that waits for approval, or null when the latest one is in force. */
export function pendingVersion(campaign: CampaignSummary): number | null {
  return campaign.latestVersion === campaign.effectiveVersion ? null : campaign.latestVersion;
}
