import { allTaken, type BatchAnswer } from '../../src/demo/api-answers.js';
import type { ApiClient } from '../../src/demo/api-client.js';
import { startOfDay } from '../../src/kernel/period.js';
import { TIME_ZONE } from './build-items.js';
import { inParallel } from './in-parallel.js';
import type { CampaignPlan } from './plan-campaigns.js';
import type { Mailing } from './read-journey.js';
import type { Programme } from './set-up-programme.js';

const TOUCHES_PER_POST = 1_000;
const WIDTH = 8;

interface StoredTouch {
  readonly externalId: string;
  readonly status: 'stored';
}

/**
 * Posts who was mailed in which campaign: a touch at the begin of the day on which the campaign starts, at the placement of the offer
 * that the mailing stands for. Posted again, a touch counts once.
 */
export async function postMailings(
  till: ApiClient,
  mailings: readonly Mailing[],
  plans: readonly CampaignPlan[],
  { mailingOffers }: Programme,
): Promise<number> {
  const placements = new Map(
    await inParallel(plans, WIDTH, async ({ id, startsOn }) => {
      const path = `/v1/offers/${mailingOffers.get(id) ?? ''}/placements`;
      const { items } = await till.get<{ items: { id: string }[] }>(path);
      const occurredAt = new Date(startOfDay(startsOn, TIME_ZONE)).toISOString();
      return [id, { placementId: items[0]?.id, occurredAt }] as const;
    }),
  );
  const items = mailings.map(({ campaignId, householdId }) => ({
    ...placements.get(campaignId),
    externalId: `mailing-${campaignId}-${householdId}`,
    ...{ kind: 'exposure', customer: { reference: householdId } },
  }));
  for (let start = 0; start < items.length; start += TOUCHES_PER_POST) {
    const body = { items: items.slice(start, start + TOUCHES_PER_POST) };
    allTaken(await till.post<BatchAnswer<StoredTouch>>('/v1/touches/batch', body));
  }
  return items.length;
}
