import { addDays, type LocalPeriod } from '../../src/kernel/period.js';
import { type Journey, type JourneyCampaign, RETAILER } from './read-journey.js';

/** What one campaign of the data becomes in Tandem: an offer per issuer, a code word per coupon. */
export interface CampaignPlan extends JourneyCampaign {
  /** The days of the campaign that the data covers, half-open. */
  readonly window: LocalPeriod;
  readonly offers: readonly OfferPlan[];
}

export interface OfferPlan {
  readonly issuer: string;
  readonly words: readonly string[];
}

/** The data is of 2017; two campaigns began earlier and some end later. */
const COVERED: LocalPeriod = { from: '2017-01-01', to: '2018-01-01' };

export function codeWord(campaignId: string, upc: string): string {
  return `C${campaignId}-${upc}`;
}

/**
 * One plan per campaign, in file order. An issuer takes part when one of its coupons was redeemed in that campaign; a
 * campaign without redemptions (24) has all its issuers, because a campaign needs an offer.
 */
export function planCampaigns({ campaigns, coupons, redemptions }: Journey): CampaignPlan[] {
  return campaigns.map((campaign) => {
    const own = coupons.filter(({ campaignId }) => campaignId === campaign.id);
    const redeemed = new Set(
      redemptions.filter(({ campaignId }) => campaignId === campaign.id).map(({ upc }) => upc),
    );
    const active = new Set(own.filter(({ upc }) => redeemed.has(upc)).map(({ issuer }) => issuer));
    const issuers = active.size > 0 ? active : new Set(own.map(({ issuer }) => issuer));
    const offers = [...issuers].sort().map((issuer) => ({
      issuer,
      words: own.filter((coupon) => coupon.issuer === issuer).map(({ upc }) => codeWord(campaign.id, upc)),
    }));
    return { ...campaign, window: clip(campaign), offers };
  });
}

/** Every issuer that needs a partner of its own: all but the retailer, which is the redeemer. */
export function issuersOf(plans: readonly CampaignPlan[]): string[] {
  const issuers = new Set(plans.flatMap(({ offers }) => offers.map(({ issuer }) => issuer)));
  issuers.delete(RETAILER);
  return [...issuers].sort();
}

function clip({ startsOn, endsOn }: JourneyCampaign): LocalPeriod {
  const to = addDays(endsOn, 1);
  return {
    from: startsOn > COVERED.from ? startsOn : COVERED.from,
    to: to < COVERED.to ? to : COVERED.to,
  };
}
