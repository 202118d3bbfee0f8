import type { OfferForJudge } from '../../campaigns/campaign.read-model.js';
import type { DayRate } from '../../rates/domain/day-rate.js';
import type { BatchItem } from '../domain/decide-batch.js';
import type { Submission } from './submission.js';

/** A submission with everything the judge and the row need. */
export interface ReadySubmission extends BatchItem {
  readonly submission: Submission;
  readonly offer: OfferForJudge | null;
  readonly placementId: string | null;
  /** At which its amounts are converted to the campaign's currency; null when they are in it, or there is none. */
  readonly rate: DayRate | null;
}
