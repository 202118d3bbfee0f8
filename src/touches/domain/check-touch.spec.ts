import { describe, expect, it } from '@jest/globals';
import { checkTouch, type TouchPoster } from './check-touch.js';
import type { TouchPlacement } from './touch.js';

const NOW = Date.UTC(2026, 5, 1, 12);
const HOUR = 3_600_000;

function check(overrides: Partial<TouchPlacement> = {}, poster: Partial<TouchPoster> = {}, occurredAt = NOW) {
  const placement: TouchPlacement = {
    ...{ placementId: 'p', offerId: 'o', campaignId: 'c', channelId: 'till', isApproved: true },
    ...{ issuerPartnerId: 'issuer', redeemerPartnerId: 'redeemer', ...overrides },
  };
  const fault = checkTouch(occurredAt, placement, {
    ...{ partnerId: 'issuer', boundChannelId: null, now: NOW, ...poster },
  });
  return fault?.code ?? null;
}

describe('a touch', () => {
  it('may be posted by the issuer and by the redeemer, and by no other participant', () => {
    expect(check()).toBeNull();
    expect(check({}, { partnerId: 'redeemer' })).toBeNull();
    expect(check({}, { partnerId: 'another' })).toBe('forbidden');
  });

  it('may be posted by a till of the issuer for its own channel only, and by any till of the redeemer', () => {
    expect(check({}, { boundChannelId: 'till' })).toBeNull();
    expect(check({}, { boundChannelId: 'other' })).toBe('forbidden');
    expect(check({ channelId: null }, { boundChannelId: 'till' })).toBe('forbidden');
    expect(check({}, { partnerId: 'redeemer', boundChannelId: 'other' })).toBeNull();
  });

  it('waits until everybody has approved the campaign', () => {
    expect(check({ isApproved: false })).toBe('campaign.not-approved');
  });

  it('may be a day ahead of our clock, and not a moment more', () => {
    expect(check({}, {}, NOW + 24 * HOUR)).toBeNull();
    expect(check({}, {}, NOW + 24 * HOUR + 1)).toBe('request.invalid');
    expect(check({}, {}, NOW - 10_000 * HOUR)).toBeNull();
  });
});
