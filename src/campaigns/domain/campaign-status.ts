import type { RedemptionWindow } from './campaign-terms.js';
import type { Pause } from './offer-state.js';

export const CAMPAIGN_STATUSES = ['draft', 'scheduled', 'active', 'paused', 'ended'] as const;
export type CampaignStatus = (typeof CAMPAIGN_STATUSES)[number];

/** What a campaign's status follows from. Instants are epoch ms. */
export interface CampaignProgress {
  /** When the version in force takes codes; null while no version has been approved by everyone. */
  readonly window: RedemptionWindow | null;
  readonly pauses: readonly Pause[];
  readonly endedAt: number | null;
}

/**
 * The status at an instant (epoch ms); nothing has to be switched when a date comes. An end is final and hides
 * everything else; a pause hides whether the campaign had started, because it takes somebody to lift it.
 */
export function campaignStatus(
  { window, pauses, endedAt }: CampaignProgress,
  instant: number,
): CampaignStatus {
  if (endedAt !== null && endedAt <= instant) return 'ended';
  if (window === null) return 'draft';
  if (window.redeemBefore <= instant) return 'ended';
  if (pauses.some((pause) => covers(pause, instant))) return 'paused';
  return instant < window.startsAt ? 'scheduled' : 'active';
}

function covers({ from, to }: Pause, instant: number): boolean {
  return from <= instant && (to === null || instant < to);
}
