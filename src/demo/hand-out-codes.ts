import type { Created } from './api-answers.js';
import type { ApiClient } from './api-client.js';
import { COUPONS, WORDS } from './demo-story.js';
import type { CampaignInPlace } from './set-up-campaign.js';
import type { PartnersInPlace } from './set-up-partners.js';
import { waitUntil } from './wait-until.js';

const MADE_WITHIN_MS = 60_000;

export async function addWords(
  operator: ApiClient,
  { offerIds }: CampaignInPlace,
  { channelIds }: PartnersInPlace,
): Promise<void> {
  for (const { word, offer, channel, label, maxRedemptions = null } of WORDS) {
    const proposal = { word, maxRedemptions, placement: { channelId: channelIds[channel], label } };
    const key = `demo/word/${word.replaceAll(' ', '-')}`;
    await operator.post(`/v1/offers/${offerIds[offer]}/code-words`, proposal, key);
  }
}

/** Orders a batch, waits until it is made and downloads the codes, in the order of the file. */
export async function orderCoupons(
  operator: ApiClient,
  { offerIds }: CampaignInPlace,
  { channelIds }: PartnersInPlace,
): Promise<string[]> {
  const { offer, quantity, pattern, channel, label } = COUPONS;
  const order = { quantity, pattern, placement: { channelId: channelIds[channel], label } };
  const ordered = `/v1/offers/${offerIds[offer]}/coupon-batches`;
  const { id } = await operator.post<Created>(ordered, order, 'demo/coupons');
  await waitUntil(
    () => isMade(operator, id),
    MADE_WITHIN_MS,
    () => `the coupons were not made within ${MADE_WITHIN_MS / 1_000} s; is a worker running?`,
  );
  return readCodes(await operator.text(`/v1/coupon-batches/${id}/coupons.csv`));
}

async function isMade(operator: ApiClient, batchId: string): Promise<boolean> {
  const path = `/v1/coupon-batches/${batchId}`;
  const { status, failure } = await operator.get<{ status: string; failure: string | null }>(path);
  if (status === 'failed') throw new Error(`the coupons could not be made: ${failure}`);
  return status === 'done';
}

/** The first column. The pattern of the demo has neither quotes nor commas. */
function readCodes(csv: string): string[] {
  const [, ...rows] = csv.trim().split('\r\n');
  return rows.map((row) => row.split(',')[0] ?? '');
}
