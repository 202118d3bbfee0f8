import { describe, expect, it } from '@jest/globals';
import { measureOverlap } from './measure-overlap.js';

describe('measureOverlap', () => {
  const all = [
    { campaignId: 'june', name: 'June', customers: 40n, shared: 40n },
    { campaignId: 'may', name: 'May', customers: 25n, shared: 10n },
    { campaignId: 'april', name: 'April', customers: 5n, shared: 0n },
  ];

  it('tells the shared customers as a part of both campaigns', () => {
    // 10 / 40 and 10 / 25
    expect(measureOverlap('june', all)).toEqual({
      customers: { value: '40', unit: 'count' },
      campaigns: [
        {
          ...{ campaignId: 'may', name: 'May' },
          figures: {
            customers: { value: '25', unit: 'count' },
            sharedCustomers: { value: '10', unit: 'count' },
            share: { value: '0.25', unit: 'ratio', parts: { sharedCustomers: '10', customers: '40' } },
            shareOfOther: { value: '0.4', unit: 'ratio', parts: { sharedCustomers: '10', customers: '25' } },
          },
        },
        expect.objectContaining({ campaignId: 'april' }),
      ],
    });
  });

  it('of a campaign without customers has no share', () => {
    expect(measureOverlap('july', all)).toMatchObject({
      customers: { value: '0' },
      campaigns: [{ figures: { share: { undefined: 'no-customers' } } }, {}, {}],
    });
  });
});
