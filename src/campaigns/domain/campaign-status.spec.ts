import { describe, expect, it } from '@jest/globals';
import { type CampaignProgress, campaignStatus } from './campaign-status.js';

const approved: CampaignProgress = {
  window: { startsAt: 1000, redeemBefore: 2000 },
  pauses: [],
  endedAt: null,
};

describe('campaignStatus', () => {
  it('is a draft while no version has been approved, whatever the dates say', () => {
    expect(campaignStatus({ ...approved, window: null }, 1500)).toBe('draft');
  });

  it('follows the dates once approved: the first instant belongs to the campaign, the one after the last day does not', () => {
    expect(campaignStatus(approved, 999)).toBe('scheduled');
    expect(campaignStatus(approved, 1000)).toBe('active');
    expect(campaignStatus(approved, 1999)).toBe('active');
    expect(campaignStatus(approved, 2000)).toBe('ended');
  });

  it('is paused from the first instant of a pause until it is lifted', () => {
    const paused = {
      ...approved,
      pauses: [
        { from: 1100, to: 1200 },
        { from: 1300, to: null },
      ],
    };
    expect([1099, 1100, 1199, 1200, 1300, 1999].map((instant) => campaignStatus(paused, instant))).toEqual([
      'active',
      'paused',
      'paused',
      'active',
      'paused',
      'paused',
    ]);
  });

  it('is paused before its start when it was paused before its start', () => {
    expect(campaignStatus({ ...approved, pauses: [{ from: 500, to: null }] }, 600)).toBe('paused');
  });

  it('is ended from the instant it was ended, and no pause hides that', () => {
    const ended = { ...approved, pauses: [{ from: 1100, to: null }], endedAt: 1200 };
    expect(campaignStatus(ended, 1199)).toBe('paused');
    expect(campaignStatus(ended, 1200)).toBe('ended');
  });

  it('is ended by its dates although a pause was never lifted', () => {
    expect(campaignStatus({ ...approved, pauses: [{ from: 1100, to: null }] }, 2000)).toBe('ended');
  });

  it('is ended when a draft was given up', () => {
    expect(campaignStatus({ window: null, pauses: [], endedAt: 100 }, 100)).toBe('ended');
  });
});
