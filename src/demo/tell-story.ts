import type { ReportAnswer } from '../reports/domain/report-answer.js';
import type { ApiClient } from './api-client.js';
import { buildHistory } from './demo-history.js';
import type { DemoNotebook } from './demo-notes.js';
import { CHANNEL_NAMES, COSTS, COUPONS, DAYS_TOLD, OFFER_NAMES, PARTNER_NAMES, WORDS } from './demo-story.js';
import { DemoTills, type Tally } from './demo-tills.js';
import { addWords, orderCoupons } from './hand-out-codes.js';
import { recordCosts, setUpCampaign } from './set-up-campaign.js';
import { setUpPartners } from './set-up-partners.js';
import { waitUntil } from './wait-until.js';

const ATTRIBUTED_WITHIN_MS = 120_000;

/**
 * Sets the whole demo up, step by step. Every step may be done again: what carries an Idempotency-Key or an externalId
 * counts once, so after an interruption this goes on where it ended.
 */
export async function tellStory(
  operator: ApiClient,
  notebook: DemoNotebook,
  today: string,
  tell: (step: string) => void,
): Promise<void> {
  tell(`Demo: adding ${PARTNER_NAMES.length} partners with ${CHANNEL_NAMES.length} channels and their keys`);
  const places = await setUpPartners(operator, notebook);
  tell(`Demo: agreeing on a campaign with ${OFFER_NAMES.length} offers, approved by all`);
  const campaign = await setUpCampaign(operator, places, notebook, today);
  tell(`Demo: recording ${COSTS.length} costs, adding ${WORDS.length} code words`);
  await recordCosts(operator, campaign, places, today);
  await addWords(operator, campaign, places);
  tell(`Demo: making ${COUPONS.quantity} coupons`);
  const history = buildHistory(today, await orderCoupons(operator, campaign, places));

  const { receipts, totals, visits, reversals } = history;
  const tills = new DemoTills(operator, notebook.current, places);
  tell(`Demo: posting ${totals.length} daily receipt totals and ${receipts.length} single receipts`);
  await tills.putTotals(totals);
  await tills.postReceipts(receipts);
  tell(`Demo: redeeming ${visits.length} codes of ${DAYS_TOLD} days`);
  const tally = await tills.redeem(visits);
  await tills.reverse(reversals);
  tell(`Demo: ${describe(tally)}, then ${reversals.length} returns; waiting until all is attributed`);
  await untilAttributed(operator, campaign.campaignId, tally.accepted - reversals.length);
  const { campaignId } = campaign;
  notebook.change({ campaignId, receptionId: places.channelIds.reception, isComplete: true });
}

function describe({ accepted, refused }: Tally): string {
  const reasons = [...refused].map(([reason, times]) => `${times} ${reason}`);
  return `${accepted} accepted, refused were ${reasons.join(', ')}`;
}

/** The report follows the tills by the time a worker needs. It has settled when a second look finds the same. */
async function untilAttributed(api: ApiClient, campaignId: string, accepted: number): Promise<void> {
  let counted = '0';
  let lastLook = '';
  const hasSettled = async (): Promise<boolean> => {
    const { figures } = await api.get<ReportAnswer>(`/v1/campaigns/${campaignId}/report`);
    const { acceptedRedemptions } = figures;
    counted = 'value' in acceptedRedemptions ? acceptedRedemptions.value : '0';
    const look = JSON.stringify(figures);
    const isSame = look === lastLook;
    lastLook = look;
    return isSame && Number(counted) >= accepted;
  };
  await waitUntil(hasSettled, ATTRIBUTED_WITHIN_MS, () => {
    const seconds = ATTRIBUTED_WITHIN_MS / 1_000;
    return `only ${counted} of ${accepted} redemptions were attributed within ${seconds} s; is a worker running?`;
  });
}
