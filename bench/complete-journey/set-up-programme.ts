import type { CampaignAnswer, Created } from '../../src/demo/api-answers.js';
import type { ApiClient } from '../../src/demo/api-client.js';
import { CURRENCY, TIME_ZONE, UNSAMPLED } from './build-items.js';
import { inParallel } from './in-parallel.js';
import { type CampaignPlan, issuersOf } from './plan-campaigns.js';
import { RETAILER } from './read-journey.js';

/** The ids that Tandem gave to what the data names. */
export interface Programme {
  readonly hypermarketId: string;
  /** By store, and the one of UNSAMPLED. */
  readonly channelIds: ReadonlyMap<string, string>;
  /** By the campaign id of the data. */
  readonly campaignIds: ReadonlyMap<string, string>;
  /** By the same: the offer whose coupons a mailing stands for. The retailer mails, so it is its own where it has one. */
  readonly mailingOffers: ReadonlyMap<string, string>;
}

type Tell = (step: string) => void;

/** As many requests are under way at once. */
const WIDTH = 16;
/** Any delay: the data is of 2017. The most the API takes is some 114 years. */
const ANY_DELAY_HOURS = 1_000_000;

/** Longer than any campaign, so that every mailing has a part in what was redeemed after it. */
const LOOKBACK_DAYS = 180;

/** Adds partners, channels, campaigns and code words; what an earlier replay added is found again by its Idempotency-Key. */
export async function setUpProgramme(
  operator: ApiClient,
  plans: readonly CampaignPlan[],
  stores: readonly string[],
  tell: Tell,
): Promise<Programme> {
  const issuers = issuersOf(plans);
  tell(`adding Hypermarket with ${stores.length + 1} channels, and ${issuers.length} issuers`);
  const hypermarketId = await addPartner(operator, 'Hypermarket');
  const channelIds = await addChannels(operator, hypermarketId, stores);
  const partnerIds = new Map(
    await inParallel(issuers, WIDTH, async (issuer) => [issuer, await addPartner(operator, issuer)] as const),
  ).set(RETAILER, hypermarketId);
  tell(`proposing ${plans.length} campaigns and approving them for every participant`);
  const campaigns = await inParallel(plans, WIDTH, (plan) =>
    agreeOnCampaign(operator, plan, hypermarketId, partnerIds),
  );
  const words = plans.flatMap(({ offers }, campaign) =>
    offers.flatMap((offer, index) =>
      offer.words.map((word) => ({ word, offerId: campaigns[campaign]?.offers[index]?.id })),
    ),
  );
  tell(`adding ${words.length} code words`);
  await inParallel(words, WIDTH, ({ word, offerId }) =>
    operator.post(`/v1/offers/${offerId}/code-words`, { word }, `replay/word/${word}`),
  );
  const campaignIds = new Map(plans.map(({ id }, index) => [id, campaigns[index]?.id ?? '']));
  const mailingOffers = new Map(plans.map((plan, at) => [plan.id, mailingOffer(plan, campaigns[at])]));
  return { hypermarketId, channelIds, campaignIds, mailingOffers };
}

function mailingOffer({ offers }: CampaignPlan, campaign: CampaignAnswer | undefined): string {
  const own = offers.findIndex(({ issuer }) => issuer === RETAILER);
  return campaign?.offers[Math.max(own, 0)]?.id ?? '';
}

async function addPartner(operator: ApiClient, name: string): Promise<string> {
  const partner = { name, country: 'US', currency: CURRENCY, timeZone: TIME_ZONE };
  const { id } = await operator.post<Created>('/v1/partners', partner, keyOf('partner', name));
  return id;
}

async function addChannels(
  operator: ApiClient,
  partnerId: string,
  stores: readonly string[],
): Promise<Map<string, string>> {
  const ids = await inParallel([...stores, UNSAMPLED], WIDTH, async (store) => {
    const kind = store === UNSAMPLED ? 'online_shop' : 'pos';
    const channel = { kind, name: store === UNSAMPLED ? store : `Store ${store}`, externalRef: store };
    const path = `/v1/partners/${partnerId}/channels`;
    const { id } = await operator.post<Created>(path, channel, keyOf('channel', store));
    return [store, id] as const;
  });
  return new Map(ids);
}

async function agreeOnCampaign(
  operator: ApiClient,
  { id: number, startsOn, endsOn, offers }: CampaignPlan,
  hypermarketId: string,
  partnerIds: ReadonlyMap<string, string>,
): Promise<CampaignAnswer> {
  const issuerIds = offers.map(({ issuer }) => partnerIds.get(issuer) ?? '');
  const participantIds = [...new Set([hypermarketId, ...issuerIds])];
  const proposal = {
    ...{ name: `Campaign ${number}`, kind: 'tactical', currency: CURRENCY, timeZone: TIME_ZONE },
    ...{ startsOn, endsOn, attributionLookbackDays: LOOKBACK_DAYS },
    ...{ offlinePolicy: { mode: 'accept', maxDelayHours: ANY_DELAY_HOURS } },
    participants: participantIds.map((partnerId) => ({ partnerId, role: 'equal' })),
    offers: issuerIds.map((issuerPartnerId) => ({
      ...{ issuerPartnerId, redeemerPartnerId: hypermarketId },
      reward: { kind: 'percent', value: '10' },
    })),
  };
  const key = keyOf('campaign', number);
  const campaign = await operator.post<CampaignAnswer>('/v1/campaigns', proposal, key);
  for (const partnerId of participantIds) {
    const approval = { version: 1, partnerId };
    await operator.post(`/v1/campaigns/${campaign.id}/approvals`, approval, `${key}/approval/${partnerId}`);
  }
  return campaign;
}

/** Stable, so that a second replay finds what the first added. */
function keyOf(kind: string, name: string): string {
  return `replay/${kind}/${name.replaceAll(' ', '-')}`;
}
